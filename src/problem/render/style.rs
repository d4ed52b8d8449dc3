//! The only stylesheet, and its hash for the Content-Security-Policy.

/// Light and dark by the reader's own choice, readable from 320 px, nothing loaded from anywhere.
pub(crate) const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1b1b1f;--soft:#595962;--paper:#fff;--panel:#f3f3f6;--line:#d5d5dc;--link:#0a58ca}\
@media(prefers-color-scheme:dark){:root{--ink:#ececf1;--soft:#a9a9b4;--paper:#16161a;--panel:#222228;--line:#3b3b44;\
--link:#8ab8ff}}\
*{box-sizing:border-box}\
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}\
main{max-width:46rem;margin:0 auto;padding:1.5rem 1rem 4rem;overflow-wrap:anywhere}\
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .25rem}\
h2{font-size:1.15rem;margin:2rem 0 .5rem}\
.subtitle{margin:0;color:var(--soft)}\
a{color:var(--link)}\
ul,ol{padding-left:1.4rem}\
li{margin:.4rem 0}\
code,pre{font:.9em/1.5 ui-monospace,monospace}\
code{background:var(--panel);border-radius:.2rem;padding:.1em .25em}\
pre{background:var(--panel);border:1px solid var(--line);border-radius:.4rem;padding:.7rem;margin:.5rem 0;\
white-space:pre-wrap}\
pre code{background:none;padding:0}\
dl{margin:.5rem 0;border-left:2px solid var(--line);padding-left:.8rem}\
dt{color:var(--soft);font-size:.9rem;margin-top:.5rem}\
dd{margin:0}\
dd>ul{margin:0}\
.who{font-weight:600}";

/// `sha256-` and the base64 of the hash of [`STYLE`] (CSP level 3, 2.3.1); a test computes it anew.
pub(in crate::problem) const STYLE_SHA256: &str = "sha256-n2QAu2qSmeoKMN6Xu2rgXadVg7/d88zYVhpz6MVmUms=";

//! Reading `Cookie` (RFC 6265 5.4).

/// The values of the cookies called `name`, in order. Names are told by case; quotes are a part of a value.
pub fn cookies<'a>(header: Option<&'a str>, name: &'a str) -> impl Iterator<Item = &'a str> {
    let pairs = header.unwrap_or_default().split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(move |(found, _)| *found == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_name_counts() {
        let header = Some("a=1; bb=2;a=3 ; A=4; a =5; xa=6; a; b=a=7");
        assert_eq!(cookies(header, "a").collect::<Vec<_>>(), ["1", "3"]);
        assert_eq!(cookies(header, "b").collect::<Vec<_>>(), ["a=7"]);
        assert_eq!(cookies(None, "a").next(), None);
    }
}

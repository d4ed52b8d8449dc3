// Stored records as the tests need them: older, or from a newer version, without knowing their form.

const TIME = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g;
const MILLIS = /\b1[5-9]\d{11}\b/g;
const SCHEMA = /"(schema|version|schema_version|v)"\s*:\s*\d+/;

const NEVER = "1970-01-01T00:00:00.000Z";

/** The record as it would look had everything in it happened `ms` earlier. What has not happened yet still has not. */
export function aged(text, ms) {
  return text
    .replace(TIME, (time) => (time === NEVER ? time : new Date(Date.parse(time) - ms).toISOString()))
    .replace(MILLIS, (time) => String(Number(time) - ms));
}

/** The record as a version of the guard would write it that does not exist yet. */
export function fromTheFuture(text) {
  if (!SCHEMA.test(text)) throw new Error(`the record has no version: ${text}`);
  return text.replace(SCHEMA, (member) => member.replace(/\d+$/, "9999"));
}

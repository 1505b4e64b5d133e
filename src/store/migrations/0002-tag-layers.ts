// Tags in layers: what the file says, what imports fill where it says nothing, and what the person edited, which wins.

export const sql = `
ALTER TABLE marks ADD COLUMN tag_fills TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(tag_fills));
ALTER TABLE marks ADD COLUMN tag_edits TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(tag_edits));
`

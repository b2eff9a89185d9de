/** Writes the JSON Schema that the editor uses to `media/experiment.schema.json`. */
export async function generateSchema() {}

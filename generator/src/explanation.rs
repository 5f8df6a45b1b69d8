//! What the kinds of problems mean, with an example and the way out, for people who meet one. Must not know how it is printed.

use crate::diagnostic::Code;

/// What a kind of problem means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What it means.
    pub meaning: &'static str,
    /// An example.
    pub example: &'static str,
    /// What to do about it.
    pub way_out: &'static str,
}

/// Explains a kind of problem.
pub fn explain(code: Code) -> Explanation {
    match code {
        Code::Unreadable => UNREADABLE,
        Code::Version => VERSION,
        Code::Missing => MISSING,
        Code::WrongType => WRONG_TYPE,
        Code::Approximate => APPROXIMATE,
        Code::NoSchemas => NO_SCHEMAS,
        Code::DanglingRef => DANGLING_REF,
        Code::ExternalRef => EXTERNAL_REF,
        Code::RefCycle => REF_CYCLE,
        Code::Profile => PROFILE,
        Code::ProfileUnused => PROFILE_UNUSED,
        Code::SharedType => SHARED_TYPE,
        Code::Overlay => OVERLAY,
        Code::OverlayUnused => OVERLAY_UNUSED,
        Code::Names => NAMES,
        Code::NameUnused => NAME_UNUSED,
        Code::Untyped => UNTYPED,
        Code::Degraded => DEGRADED,
        Code::UndefinedStyle => UNDEFINED_STYLE,
        Code::NoServer => NO_SERVER,
        Code::Ignored => IGNORED,
        Code::PageUnreadable => PAGE_UNREADABLE,
        Code::PageConflict => PAGE_CONFLICT,
        Code::PageGuess => PAGE_GUESS,
        Code::Progenitor => PROGENITOR,
        Code::Internal => INTERNAL,
    }
}

const UNREADABLE: Explanation = Explanation {
    meaning: "The bytes are neither JSON nor YAML, or no text at all.",
    example: "An error page was saved as openapi.json:\n\n  <!doctype html><title>404</title>",
    way_out: "Look at what was downloaded. In YAML, the line in the message is where the parser stopped; indentation and unquoted colons are the usual reasons.",
};

const VERSION: Explanation = Explanation {
    meaning: "The document is not OpenAPI 3.0, 3.1 or 3.2.",
    example: "swagger: \"2.0\"",
    way_out: "Convert it, for example with `npx swagger2openapi`. A file without `openapi` is probably part of a document: give the file that refers to it.",
};

const MISSING: Explanation = Explanation {
    meaning: "A part is missing without which there is nothing to generate.",
    example: "openapi: 3.1.0\ninfo: {title: T, version: \"1\"}",
    way_out: "Check that the document is complete: it needs `paths`, `webhooks` or `components`.",
};

const WRONG_TYPE: Explanation = Explanation {
    meaning: "A part has another JSON type than the specification demands.",
    example: "openapi: 3.1.0\npaths: []",
    way_out: "Correct it upstream, or with an overlay action.",
};

const APPROXIMATE: Explanation = Explanation {
    meaning: "The document was reconstructed from prose pages. Prose leaves out formats, discriminators and members of unions.",
    example: "info: {x-sdk-approximate: true}",
    way_out: "`cargo xtask fetch` gets the published document as soon as there is one; `regen --allow-approximate` accepts this one.",
};

const NO_SCHEMAS: Explanation = Explanation {
    meaning: "The pages describe no schemas, so that no document can be made of them.",
    example: "A page with the path and the description of an operation, without its fields.",
    way_out: "Use another source, such as the document itself (`fetch --url`).",
};

const DANGLING_REF: Explanation = Explanation {
    meaning: "A `$ref` names a part that does not exist.",
    example: "{\"$ref\": \"#/components/schemas/Usr\"}",
    way_out: "Correct the name upstream, or add the part with an overlay action. `generate` makes it plain JSON.",
};

const EXTERNAL_REF: Explanation = Explanation {
    meaning: "A `$ref` leads to a file that is not read: it does not exist, is outside of the folder of the document, or on another server.",
    example: "{\"$ref\": \"../common/errors.yaml#/Error\"}",
    way_out: "Put the file into the folder, or allow its folder with `--allow-outside DIR`. `generate` makes it plain JSON.",
};

const REF_CYCLE: Explanation = Explanation {
    meaning: "References, or members of `allOf`, lead back to where they began, so that there is no schema.",
    example: "A: {\"$ref\": \"#/components/schemas/B\"}\nB: {\"$ref\": \"#/components/schemas/A\"}",
    way_out: "Break the cycle upstream, or with an overlay action. A schema that contains itself in a property is no such cycle.",
};

const PROFILE: Explanation = Explanation {
    meaning: "`spec/profile.toml` cannot be parsed, or contradicts itself.",
    example: "[auth]\nscheme = \"beerer\"",
    way_out: "Correct the line; spec/README.md explains every entry.",
};

const PROFILE_UNUSED: Explanation = Explanation {
    meaning: "An entry of the profile matches nothing in the document any more.",
    example: "[pagination]\nexclude = [\"runs.list\"]   # an operation that is gone",
    way_out: "Was it renamed? Then write the new name; else remove the entry.",
};

const SHARED_TYPE: Explanation = Explanation {
    meaning: "The profile makes several schemas one type, and they differ.",
    example: "[types.shared]\nReference = [\"A\", \"B\"]   # B has one more property",
    way_out: "Take the schema out of `types.shared`, or correct it with an overlay action.",
};

const OVERLAY: Explanation = Explanation {
    meaning: "The overlay cannot be parsed, or an action is not valid.",
    example: "actions: [{target: \"$.paths[\", remove: true}]",
    way_out: "Correct the action; a target is a JSONPath.",
};

const OVERLAY_UNUSED: Explanation = Explanation {
    meaning: "An action of the overlay matches nothing in the document any more.",
    example: "actions: [{target: \"$.components.schemas.Old\", remove: true}]",
    way_out: "The correction may have arrived upstream: then remove the action.",
};

const NAMES: Explanation = Explanation {
    meaning: "`names.toml` cannot be parsed.",
    example: "\"GET /runs\" = ",
    way_out: "Restore the file from version control; it is written by the generator.",
};

const NAME_UNUSED: Explanation = Explanation {
    meaning: "An operation or schema with a published Rust name is gone. The name is kept in case it comes back.",
    example: "\"GET /old\" = \"old.list\"",
    way_out: "Was it renamed? Then write the new key before `=` and keep the Rust name; else remove the line.",
};

const UNTYPED: Explanation = Explanation {
    meaning: "A schema says more than the type that it becomes: plain JSON (`Value`), text or bytes.",
    example: "enum: [1, two]",
    way_out: "Give it one type with an overlay action. `cargo xtask check --report-untyped` lists every place.",
};

const DEGRADED: Explanation = Explanation {
    meaning: "The client does less with a construct than the document says. The message says what it does instead.",
    example: "responses: {\"200\": {description: ok, links: {next: {operationId: next}}}}",
    way_out: "docs/support.md lists every construct. Nothing needs to be done if the client is still right for you.",
};

const UNDEFINED_STYLE: Explanation = Explanation {
    meaning: "The specification leaves open how a value of this shape is written in this style.",
    example: "{name: q, in: query, style: deepObject, schema: {type: array, items: {type: string}}}",
    way_out: "Compare what the message says with what the server reads; set another style with an overlay action if it differs.",
};

const NO_SERVER: Explanation = Explanation {
    meaning: "No server has a host, so that the client has no default base URL.",
    example: "servers: [{url: /v1}]",
    way_out: "Set a base URL on the client, list `[[environments]]` in a profile, or generate from the URL of the document.",
};

const IGNORED: Explanation = Explanation {
    meaning: "A part is left out, because it is not valid or has no meaning for a client.",
    example: "responses: {ok: {description: not a status}}",
    way_out: "Correct it upstream, or with an overlay action, if it is meant.",
};

const PAGE_UNREADABLE: Explanation = Explanation {
    meaning: "A page has a fragment that cannot be parsed, even after the known quirks of its writers are repaired.",
    example: "A code block that is cut off in the middle.",
    way_out: "Read the page. If many pages have it, a repair is missing in generator/src/published/repair/.",
};

const PAGE_CONFLICT: Explanation = Explanation {
    meaning: "Two pages say different things about one part.",
    example: "`Run` has `id: string` on one page and `id: integer` on another.",
    way_out: "Compare the pages; the first one is used.",
};

const PAGE_GUESS: Explanation = Explanation {
    meaning: "A page leaves something out, and the most probable reading was taken.",
    example: "A file upload without the media type of its body.",
    way_out: "Check the operation; correct it with an overlay action if the guess is wrong.",
};

const PROGENITOR: Explanation = Explanation {
    meaning: "progenitor, which writes the wire layer, rejected what it was given, or wrote it in another form than expected.",
    example: "After an update of progenitor.",
    way_out: "It is a mistake of the generator: report it with the document. Adapt generator/src/wire after an update.",
};

const INTERNAL: Explanation = Explanation {
    meaning: "The emitted code is no valid Rust.",
    example: "A name that is a new keyword.",
    way_out: "It is a mistake of the generator: report it with the document.",
};

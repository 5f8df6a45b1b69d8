//! Parses web links as a `Link` header writes them (RFC 8288), which is also the form of a linkset in text (RFC 9264). Knows no
//! relation.

/// A link with its attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebLink {
    /// The URL it leads to; may be relative.
    pub target: String,
    /// Its relation types, in lower case.
    pub relations: Vec<String>,
    /// The media type of the target.
    pub media_type: Option<String>,
    /// What the link is about, if not the resource that contains it.
    pub anchor: Option<String>,
    /// A title for people.
    pub title: Option<String>,
}

impl WebLink {
    /// Returns whether the media type of the target is that of an OpenAPI document.
    pub fn has_openapi_type(&self) -> bool {
        is_openapi(self.media_type.as_deref())
    }

    /// Returns whether it has a relation type.
    pub fn is(&self, relation: &str) -> bool {
        self.relations.iter().any(|known| known == relation)
    }
}

/// Parses links that are separated by commas or lines. What is not a link is skipped.
pub fn parse_web_links(text: &str) -> Vec<WebLink> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((target, after)) = rest.split_once('<').and_then(|(_, after)| after.split_once('>')) {
        let (attributes, after) = parse_attributes(after);
        found.push(build_link(target.trim(), attributes));
        rest = after;
    }
    found
}

fn build_link(target: &str, attributes: Vec<(String, String)>) -> WebLink {
    let mut link = WebLink { target: target.to_owned(), ..WebLink::default() };
    for (name, value) in attributes {
        match name.as_str() {
            // The first of several counts.
            "rel" if link.relations.is_empty() => {
                link.relations = value.split_whitespace().map(str::to_ascii_lowercase).collect();
            }
            "type" if link.media_type.is_none() => link.media_type = Some(value),
            "anchor" if link.anchor.is_none() => link.anchor = Some(value),
            "title" if link.title.is_none() => link.title = Some(value),
            _ => {}
        }
    }
    link
}

/// Parses `; name=value; name="value"` up to the next comma, and returns the text after it.
fn parse_attributes(text: &str) -> (Vec<(String, String)>, &str) {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    let mut characters = text.char_indices();
    let mut end = text.len();
    while let Some((place, character)) = characters.next() {
        match (is_quoted, character) {
            (false, ',') | (false, '<') => {
                end = place;
                break;
            }
            (false, ';') => parts.push(String::new()),
            (_, '"') => is_quoted = !is_quoted,
            (true, '\\') => parts
                .iter_mut()
                .last()
                .into_iter()
                .for_each(|part| part.extend(characters.next().map(|(_, next)| next))),
            (_, character) => parts.iter_mut().last().into_iter().for_each(|part| part.push(character)),
        }
    }
    let attribute = |part: &String| {
        let (name, value) = part.split_once('=')?;
        Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
    };
    (parts.iter().filter_map(attribute).collect(), text.get(end..).unwrap_or_default())
}

/// Returns whether a media type is that of an OpenAPI document.
pub(super) fn is_openapi(media_type: Option<&str>) -> bool {
    media_type.is_some_and(|media_type| media_type.to_ascii_lowercase().contains("vnd.oai.openapi"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_attributes_are_parsed_as_headers_and_linksets_write_them() {
        let text = "</.well-known/api-catalog>; rel=\"api-catalog\", <https://d.example/a,b>;\n rel=\"Service-Desc next\" ;\
                    type=application/yaml; title=\"A, \\\"B\\\"; C\"; rel=other\n<x>;rel=item;anchor=\"/a\"";
        let found = parse_web_links(text);
        let targets: Vec<&str> = found.iter().map(|link| link.target.as_str()).collect();
        assert_eq!(targets, ["/.well-known/api-catalog", "https://d.example/a,b", "x"]);
        assert!(
            found[0].is("api-catalog") && found[1].is("service-desc") && found[1].is("next") && !found[1].is("other")
        );
        assert_eq!(found[1].media_type.as_deref(), Some("application/yaml"));
        assert_eq!(found[1].title.as_deref(), Some("A, \"B\"; C"));
        assert_eq!((found[2].is("item"), found[2].anchor.as_deref()), (true, Some("/a")));
        assert_eq!(parse_web_links("no links, <open"), []);
    }
}

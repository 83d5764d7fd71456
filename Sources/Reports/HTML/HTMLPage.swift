/// A page that holds all it needs: it opens without a network, on a telephone, on paper and in the dark.
struct HTMLPage {
    /// A part of the page with its heading.
    struct Section {
        var title: String
        /// What the part answers; may be empty.
        var question: String
        var body: String
    }

    /// A figure of the page's head.
    struct Card {
        var name: String
        var value: String
        var remark = ""
    }

    let title: String
    let subtitle: String
    let cards: [Card]
    let sections: [Section]
    let footer: String

    var html: String {
        var text = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
            script-src 'unsafe-inline'">
            <title>\(Markup.escaped(title))</title>
            <style>
            \(HTMLStyle.text)
            </style>
            </head>
            <body>
            <a class="skip" href="#content">Skip to the content</a>
            <header>
            <h1>\(Markup.escaped(title))</h1>
            <p class="subtitle">\(Markup.escaped(subtitle))</p>
            <nav aria-label="Contents"><ul>

            """
        for section in sections {
            text += "<li><a href=\"#\(Markup.identifier(section.title))\">\(Markup.escaped(section.title))</a></li>"
        }
        text += "\n</ul></nav>\n</header>\n<main id=\"content\">\n<dl class=\"cards\">\n"
        for card in cards {
            text += "<div><dt>\(Markup.escaped(card.name))</dt><dd>\(Markup.escaped(card.value))"
            if !card.remark.isEmpty { text += "<small>\(Markup.escaped(card.remark))</small>" }
            text += "</dd></div>\n"
        }
        text += "</dl>\n"
        for section in sections {
            let name = Markup.identifier(section.title)
            text += "<section id=\"\(name)\" aria-labelledby=\"\(name)-heading\">\n"
            text += "<h2 id=\"\(name)-heading\">\(Markup.escaped(section.title))</h2>\n"
            if !section.question.isEmpty {
                text += "<p class=\"question\">\(Markup.escaped(section.question))</p>\n"
            }
            text += section.body + "</section>\n"
        }
        return text + "</main>\n<footer><p>\(Markup.escaped(footer))</p></footer>\n<script>\n\(HTMLScript.text)\n"
            + "</script>\n</body>\n</html>\n"
    }
}

import Foundation

/// A block of commands in an article, with the note before it and the output shown after it.
///
/// The language is `bash` or `sh`. An HTML comment on the line before says what is different about it:
/// `<!-- needs a cluster -->` or `<!-- slow: a season of days -->` for what no test runs, `<!-- ends with 1 -->` for an exit
/// code. A block of the language `text` that follows shows output: its lines must occur, in order, where `…` stands for
/// anything.
struct CommandFence {
    var article: String
    /// The line of the first command, from 1.
    var line: Int
    /// What the HTML comment before it says; empty without one.
    var note: String
    var lines: [String]
    var output: [String] = []

    var script: String { lines.joined(separator: "\n") }

    /// What is run; nil when it needs what a test has not.
    var executed: String? {
        // The first command of the README builds; what it runs then is here already.
        if note.hasPrefix("command: run") { return commands.first?.joined(separator: " ") }
        let isLeftOut = ["command:", "needs ", "slow:"].contains { note.hasPrefix($0) }
        return isLeftOut ? nil : script
    }

    /// With what the last command ends.
    var status: Int32 { note.hasPrefix("ends with ") ? Int32(note.dropFirst("ends with ".count)) ?? 0 : 0 }

    /// The calls of orrery in it, as words; what shells know of quotes and pipes is as much as articles need.
    var commands: [[String]] {
        let joined = script.replacingOccurrences(of: "\\\n", with: " ")
        return joined.split(separator: "\n").flatMap { Self.calls(String($0)) }
    }

    static func calls(_ line: String) -> [[String]] {
        var calls: [[String]] = []
        var words: [String] = []
        var isCall = false
        for word in Self.words(of: line) + ["|"] {
            if word == "#" || ["|", "&&", ";", "}", "||", ">"].contains(word) {
                if isCall { calls.append(words) }
                (words, isCall) = ([], false)
                if word == "#" { break }
            } else if isCall {
                words.append(word)
            } else if word == "orrery" {
                (words, isCall) = (["orrery"], true)
            }
        }
        return calls
    }

    private static func words(of line: String) -> [String] {
        var words: [String] = []
        var word = ""
        var quote: Character?
        for character in line {
            if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == " " {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        return word.isEmpty ? words : words + [word]
    }

    // MARK: - Reading

    static func fences(of article: String) -> [CommandFence] {
        var fences: [CommandFence] = []
        var language: String?
        var note = ""
        var lastText = ""
        var block: (start: Int, lines: [String]) = (0, [])
        for (index, line) in Articles.text(article).components(separatedBy: "\n").enumerated() {
            if let open = language {
                guard line.hasPrefix("```") else {
                    block.lines.append(line)
                    continue
                }
                if open == "bash" || open == "sh" {
                    fences.append(CommandFence(article: article, line: block.start, note: note, lines: block.lines))
                } else if open == "text" || note.hasPrefix("output:"), !fences.isEmpty {
                    let last = note.hasPrefix("output:") ? 0 : fences.count - 1
                    fences[last].output += block.lines
                }
                (language, note, lastText) = (nil, "", "")
            } else if line.hasPrefix("```") {
                language = String(line.dropFirst(3))
                block = (index + 2, [])
                let isNote = lastText.hasPrefix("<!-- ") && lastText.hasSuffix(" -->")
                note = isNote ? String(lastText.dropFirst(5).dropLast(4)) : ""
            } else {
                lastText = line
            }
        }
        return fences
    }
}

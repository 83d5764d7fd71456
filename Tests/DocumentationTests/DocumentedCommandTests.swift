import Foundation
import Testing

@Suite("Every command of the articles does what they say")
struct DocumentedCommandTests {
    static let withCommands = Articles.paths.filter { !CommandFence.fences(of: $0).isEmpty }

    @Test("the commands of an article run, one after the other, and print what it shows", arguments: withCommands)
    func commands(article: String) throws {
        let folder = try WorkingFolder()
        for fence in CommandFence.fences(of: article) {
            guard let script = fence.executed else { continue }
            let place = "\(article):\(fence.line)"
            let outcome = try folder.run(script)
            #expect(outcome.status == fence.status, "\(place) ends with \(outcome.status):\n\(outcome.output)")
            for missing in Self.missing(fence.output, in: outcome.output) {
                Issue.record("\(place) does not print \"\(missing)\", but:\n\(outcome.output)")
            }
        }
    }

    @Test("every option in the articles stands in the help of its command", arguments: Articles.paths)
    func options(article: String) throws {
        let inline = Articles.text(article).components(separatedBy: "```").enumerated()
            .filter { $0.offset % 2 == 0 }.flatMap { $0.element.split(separator: "`", omittingEmptySubsequences: false) }
            .filter { $0.hasPrefix("orrery ") }.flatMap { span in
                CommandFence.calls(span.replacingOccurrences(of: "\n", with: " "))
            }
        var known: [String: Set<String>] = [:]
        for words in CommandFence.fences(of: article).flatMap(\.commands) + inline {
            // A sentence may speak of `orrery VERB`.
            guard words.count > 1, let first = words[1].first, first.isLowercase else { continue }
            let verb = Self.verb(of: words)
            let help = try known[verb] ?? Self.help(of: verb)
            known[verb] = help
            for word in words where word.hasPrefix("-") && word.count > 1 {
                let option = String(word.prefix { $0 != "=" })
                #expect(help.contains(option), "\(article): \(words.joined(separator: " ")): no option \(option)")
            }
        }
    }

    @Test("what is not run says why")
    func notes() {
        let known = ["command: run", "command: test", "needs ", "slow: ", "ends with "]
        var executed = 0
        for fence in Self.withCommands.flatMap(CommandFence.fences) {
            let isKnown = fence.note.isEmpty || known.contains { fence.note.hasPrefix($0) }
            #expect(isKnown, "\(fence.article):\(fence.line): nobody knows what \"\(fence.note)\" means")
            if fence.executed != nil { executed += 1 }
        }
        #expect(executed > 30)
    }

    // MARK: - Comparing

    /// Returns the lines of `shown` that `output` lacks, spaces apart; `…` stands for anything.
    static func missing(_ shown: [String], in output: String) -> [String] {
        let lines = output.split(separator: "\n").map { words($0.description) }
        var place = 0
        var missing: [String] = []
        for line in shown {
            let parts = line.components(separatedBy: "…").map(words).filter { !$0.isEmpty }
            if parts.isEmpty { continue }
            guard let found = lines[place...].firstIndex(where: { has(parts, in: $0) }) else {
                missing.append(line)
                continue
            }
            place = found + 1
        }
        return missing
    }

    private static func words(_ text: String) -> String {
        text.split(separator: " ").joined(separator: " ")
    }

    private static func has(_ parts: [String], in line: String) -> Bool {
        var rest = line[...]
        for part in parts {
            guard let range = rest.range(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }

    @Test(
        "output that is shown and not printed is found out",
        arguments: [
            (["a  b", "…", "d"], "x a b y\nc\nd", []), (["d", "a"], "a\nd", ["a"]), (["a … c"], "a b c", []),
            (["a … d"], "a b c", ["a … d"]), (["a b"], "a\nb", ["a b"]),
        ])
    func comparison(shown: [String], output: String, missing: [String]) {
        #expect(Self.missing(shown, in: output) == missing)
    }

    // MARK: - Help

    /// The words that name a command, with those of a group such as `capacity fit`.
    private static func verb(of words: [String]) -> String {
        let groups = ["bench", "capacity", "conformance", "prices", "reproduce", "shard"]
        return words.dropFirst().prefix(groups.contains(words[1]) ? 2 : 1).joined(separator: " ")
    }

    private static func help(of verb: String) throws -> Set<String> {
        let outcome = try WorkingFolder(isEmpty: true).run("orrery \(verb) --help")
        #expect(outcome.status == 0, "there is no orrery \(verb)")
        let separators = CharacterSet(charactersIn: " ,[]()/\n<>|")
        return Set(outcome.output.components(separatedBy: separators).filter { $0.hasPrefix("-") })
    }
}

import Foundation
import Testing

/// The articles of the checkout, as text.
enum Articles {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The paths of all articles, README files included, in order.
    static let paths: [String] = {
        let sources = root.appendingPathComponent("Sources")
        let found = FileManager.default.enumerator(atPath: sources.path)?.compactMap { $0 as? String } ?? []
        let articles = found.filter { $0.contains(".docc/") && $0.hasSuffix(".md") }.map { "Sources/" + $0 }
        return articles.sorted() + ["README.md", "reports/README.md", "scenarios/README.md"]
    }()

    /// Whether articles that are written out of the code are to be rewritten.
    static let areRewritten = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"

    static func text(_ path: String) -> String {
        (try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)) ?? ""
    }

    /// Fails unless the article at `path` is `text`; with `UPDATE_GOLDEN=1` it becomes that.
    static func expect(_ path: String, toBe text: String) throws {
        if areRewritten {
            try text.write(to: root.appendingPathComponent(path), atomically: true, encoding: .utf8)
            return
        }
        let (found, wanted) = (Self.text(path).components(separatedBy: "\n"), text.components(separatedBy: "\n"))
        let place = zip(found, wanted).enumerated().first { $1.0 != $1.1 }?.offset ?? min(found.count, wanted.count)
        let isSame = found == wanted
        #expect(
            isSame,
            """
            \(path):\(place + 1) is not what the code says; rewrite it with \
            UPDATE_GOLDEN=1 swift test --filter DocumentationTests
              found  \(place < found.count ? found[place] : "the end")
              wanted \(place < wanted.count ? wanted[place] : "the end")
            """)
    }
}

import Foundation
import Scenarios
import Testing

@Suite("The article on fidelity is what orrery fidelity prints")
struct FidelityArticleTests {
    static let path = "Sources/orrery/orrery.docc/Fidelity.md"

    @Test("every statement of the table stands in the article, by component")
    func article() throws {
        let introduction = Articles.text(Self.path).components(separatedBy: "\n## ")[0]
        var text = introduction.trimmingCharacters(in: .newlines) + "\n"
        var components: [String] = []
        for row in Fidelity.table where !components.contains(row.component) { components.append(row.component) }
        #expect(components.count > 5)
        for component in components {
            text += "\n## \(component)\n\n| what | how near | here |\n|---|---|---|\n"
            for row in Fidelity.table where row.component == component {
                text += "| \(Self.cell(row.field)) | \(row.grade) | \(Self.cell(row.meaning)) |\n"
            }
        }
        try Articles.expect(Self.path, toBe: text)
    }

    private static func cell(_ text: String) -> String { text.replacingOccurrences(of: "|", with: "\\|") }
}

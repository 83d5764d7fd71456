import Foundation
import Testing

@Suite("The documents tell of what is there")
struct DocumentTests {
    let house = House()

    @Test("the architecture article has a paragraph with an invariant for every room")
    func rooms() {
        let article = house.text("Sources/Simulation/Simulation.docc/Architecture.md")
        for room in House.rows.flatMap(\.rooms) {
            let paragraph = article.components(separatedBy: "\n\n").first { $0.hasPrefix("**\(room)**") }
            #expect(paragraph?.contains("Invariant:") == true, "\(room) has no paragraph with an invariant")
        }
        for (row, rooms) in House.rows {
            let line = article.split(separator: "\n").first { $0.hasPrefix("| \(row) |") } ?? ""
            for room in rooms { #expect(line.contains(room), "the table has no \(room) in row \(row)") }
        }
    }

    @Test("every scenario stands in the index, says what it asks, and checks itself")
    func scenarios() throws {
        let index = house.text("scenarios/README.md")
        let base = house.root.appendingPathComponent("scenarios")
        let walker = try #require(FileManager.default.enumerator(atPath: base.path))
        let found = walker.compactMap { $0 as? String }.filter { $0.hasSuffix("/scenario.yaml") }.sorted()
        #expect(found.count >= 6)
        for path in found {
            let folder = String(path.dropLast("/scenario.yaml".count))
            #expect(index.contains(folder), "scenarios/README.md does not name \(folder)")
            let text = house.text("scenarios/" + path)
            #expect(text.contains("title:"), "\(folder) has no title")
            #expect(text.contains("assert:"), "\(folder) asserts nothing")
            #expect(
                !house.text("scenarios/\(folder)/expected/summary.json").isEmpty, "\(folder) has no expected result")
        }
    }

    @Test("every plugin, controller, fault and invariant file stands in its registry")
    func registries() {
        let registries = [
            ("Sources/SchedulingFramework/Plugins", "Sources/SchedulingFramework/Extension/PluginRegistry.swift", ""),
            ("Sources/SchedulingFramework/Policies", "Sources/SchedulingFramework/Extension/PluginRegistry.swift", ""),
            ("Sources/Faults/Kinds", "Sources/Faults/FaultRegistry.swift", ""),
            ("Sources/Simulation/Invariants", "Sources/Simulation/Invariants/InvariantRegistry.swift", "Invariant"),
            ("Sources/Controllers", "Sources/Controllers/ControllerRegistry.swift", "Reconciler"),
        ]
        for (folder, registry, suffix) in registries {
            let text = house.text(registry)
            #expect(!text.isEmpty, "\(registry) is missing")
            for file in house.swiftFiles(in: folder) where file != registry {
                let name = String(file.split(separator: "/").last?.dropLast(".swift".count) ?? "")
                // A file beside the main one of its type, or a rule shared by several.
                guard !name.contains("+"), name.hasSuffix(suffix), declaresRegistered(file, name) else { continue }
                #expect(text.contains(name), "\(file) is not in \(registry)")
            }
        }
    }

    /// Whether the file declares the type that it is named after as something to register.
    private func declaresRegistered(_ file: String, _ name: String) -> Bool {
        house.lines(file).contains { line in
            (line.contains("struct \(name)") || line.contains("enum \(name)"))
                && (line.contains("Plugin") || line.contains("FaultKind") || line.contains(": Invariant")
                    || line.contains(": Reconciler"))
        }
    }
}

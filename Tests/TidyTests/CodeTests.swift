import Foundation
import Testing

@Suite("The code keeps the rules of the house")
struct CodeTests {
    let house = House()

    /// What the engine may not call, and what to use instead.
    static let banned: [(pattern: String, instead: String)] = [
        ("Date()", "the `now` that is handed in"),
        (".random(", "a RandomStream"),
        ("SystemRandomNumberGenerator", "a RandomStream"),
        ("ContinuousClock", "the event queue"),
        ("print(", "a RunObserver"),
        ("try!", "a typed throw"),
        (" as! ", "a switch"),
        ("Task {", "nothing: the engine is synchronous"),
        ("async ", "nothing: the engine is synchronous"),
        ("FIXME", "an entry in the fidelity table"),
    ]

    @Test("rows 0 to 4 call nothing that is banned", arguments: banned.map(\.pattern))
    func bannedCalls(pattern: String) {
        let instead = Self.banned.first { $0.pattern == pattern }?.instead ?? ""
        for (row, rooms) in House.rows where row <= 4 {
            for file in rooms.flatMap({ house.swiftFiles(in: "Sources/\($0)") }) {
                for (number, line) in house.lines(file).enumerated() {
                    let code = line.drop { $0 == " " }
                    if code.hasPrefix("//") { continue }
                    #expect(!code.contains(pattern), "\(file):\(number + 1) uses \(pattern); use \(instead)")
                }
            }
        }
    }

    @Test("no source file is past 600 lines, no test file past 1,200")
    func sizes() {
        for file in house.swiftFiles(in: "Sources") { #expect(house.lines(file).count <= 600, "\(file)") }
        for file in house.swiftFiles(in: "Tests") { #expect(house.lines(file).count <= 1200, "\(file)") }
    }

    @Test("every data file is in the program", arguments: ["Costs", "Machines", "Experiments"])
    func data(room: String) throws {
        let folder = house.root.appendingPathComponent("Sources/\(room)/Data").path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }
        #expect(!files.isEmpty)
        let code = house.text("Sources/CData/CData.c")
        for file in files { #expect(code.contains("#embed \"../\(room)/Data/\(file)\""), "\(room)/Data/\(file)") }
    }

    @Test("half of the source files are at most 200 lines long")
    func median() {
        let sizes = house.swiftFiles(in: "Sources").map { house.lines($0).count }.sorted()
        #expect(sizes[sizes.count / 2] <= 200)
    }

    @Test("what all rooms read of objects can be inlined into them, or each read costs a call")
    func inlined() {
        let start = /^ *package (?:indirect |final )*(?:struct|class|enum) (\w+)/
        var found = 0
        for folder in ["Kinds", "Meta", "Pods", "Quantities", "Selectors"] {
            for file in house.swiftFiles(in: "Sources/KubernetesAPI/\(folder)") {
                let lines = house.lines(file)
                for (number, line) in lines.enumerated() where line.firstMatch(of: start) != nil {
                    found += 1
                    let isMarked = number > 0 && lines[number - 1].contains("@usableFromInline")
                    #expect(isMarked, "\(file):\(number + 1) is not @usableFromInline")
                }
            }
        }
        #expect(found > 50)
    }

    @Test("package declarations of types carry a doc comment")
    func documented() {
        let start = /^ *package (?:indirect |final |mutating |static )*(?:struct|class|enum|protocol|actor) (\w+)/
        for file in house.swiftFiles(in: "Sources") {
            let lines = house.lines(file)
            for (number, line) in lines.enumerated() where line.firstMatch(of: start) != nil && !line.hasPrefix("        ") {
                // A nested type may be explained by the type around it.
                guard !line.hasPrefix("    ") else { continue }
                var above = number - 1
                while above >= 0, lines[above].hasPrefix("@") { above -= 1 }
                #expect(above >= 0 && lines[above].hasPrefix("///"), "\(file):\(number + 1) has no doc comment")
            }
        }
    }

    @Test("the top level holds what belongs there")
    func topLevel() throws {
        let allowed: Set = ["Package.swift", "Package.resolved", "Sources", "Tests", "scenarios", "reports", "README.md"]
        for name in try FileManager.default.contentsOfDirectory(atPath: house.root.path) where !name.hasPrefix(".") {
            #expect(allowed.contains(name), "\(name) does not belong at the top level")
        }
    }
}

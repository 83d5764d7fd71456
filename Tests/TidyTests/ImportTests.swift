import Foundation
import Testing

@Suite("Imports go down, never sideways")
struct ImportTests {
    let house = House()

    @Test("every import of every room follows the row table", arguments: House.rows.flatMap(\.rooms))
    func imports(room: String) throws {
        let row = try #require(House.row(of: room))
        for file in house.swiftFiles(in: "Sources/\(room)") {
            for name in house.imports(file) {
                if let allowed = House.guests[name] {
                    #expect(allowed.contains(room), "\(file) imports \(name)")
                } else if House.system.contains(name) {
                    #expect(row >= House.systemRow, "\(file) imports \(name): rows 0 to 4 know no \(name)")
                } else if let other = House.row(of: name) {
                    let isDrawn = other < row || House.exceptions.contains("\(room)>\(name)")
                    #expect(isDrawn, "\(file) imports \(name), which lies not below \(room)")
                    #expect(House.forbidden[room]?.contains(name) != true, "\(file) imports \(name), which it may not see")
                } else {
                    Issue.record("\(file) imports \(name), which no row knows")
                }
            }
        }
    }

    @Test("no room reaches a forbidden one through another", arguments: House.forbidden.keys.sorted())
    func transitive(room: String) {
        var reached: Set<String> = []
        var frontier = [room]
        while let next = frontier.popLast() {
            for file in house.swiftFiles(in: "Sources/\(next)") {
                // Only `package import` and `public import` hand a module on to those who import this room.
                for line in house.lines(file) where House.handsOn(line) || next == room {
                    guard House.handsOn(line) || line.hasPrefix("import ") else { continue }
                    let name = String(line.split(separator: " ").last ?? "")
                    if House.row(of: name) != nil, reached.insert(name).inserted { frontier.append(name) }
                }
            }
        }
        let seen = reached.intersection(House.forbidden[room] ?? [])
        #expect(seen.isEmpty, "\(room) reaches \(seen.sorted())")
    }

    @Test("Package.swift declares exactly the rooms of the table")
    func rooms() throws {
        let declared = house.text("Package.swift").matches(of: /(?:room\(\s*|name: )"(\w+)"/).map { String($0.output.1) }
        let folders = try FileManager.default.contentsOfDirectory(atPath: house.root.appendingPathComponent("Sources").path)
        #expect(Set(folders) == Set(House.rows.flatMap(\.rooms)))
        for room in House.rows.flatMap(\.rooms) { #expect(declared.contains(room), "\(room) is not in Package.swift") }
    }
}

import Foundation
import Scenarios

/// Tells scenarios from manifests.
enum ScenarioPath {
    /// How much of a file is looked at; a scenario says what it is at its top.
    private static let looked = 65_536

    /// Returns whether `path` is a folder with a scenario.yaml, or a file that says `kind: Scenario`.
    static func isScenario(_ path: String) -> Bool {
        switch FileKind(at: path) {
        // What comes out of a pipe comes once: whoever looks at it takes it away from whoever reads it.
        case .nothing, .stream: return false
        case .folder:
            return ScenarioLoader.fileNames.contains { FileManager.default.fileExists(atPath: path + "/" + $0) }
        case .file: break
        }
        if let name = path.split(separator: "/").last, ScenarioLoader.fileNames.contains(String(name)) { return true }
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        guard let head = try? file.read(upToCount: looked) else { return false }
        return isScenario(text: String(decoding: head, as: UTF8.self))
    }

    /// Returns whether a text says at its top level that it is a scenario.
    static func isScenario(text: String) -> Bool {
        text.split(whereSeparator: \.isNewline).contains { line in
            let letters = line.filter { !" \t\"',{".contains($0) }.prefix { $0 != "#" }
            let isTop =
                line.hasPrefix("kind") || line.trimmingCharacters(in: .whitespaces).hasPrefix("\"kind\"")
                || line.hasPrefix("{")
            return isTop && (letters == "kind:Scenario" || letters.contains("apiVersion:orrery.dev"))
        }
    }
}

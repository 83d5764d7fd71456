import Foundation
import KubernetesAPI

/// The folder that an import writes. It takes the place of its name at the end, whole or not at all.
package final class ScenarioFolder {
    /// Where it will stand.
    package let path: String
    private let partial: String
    /// Where what stood there waits until all is well.
    private let former: String
    private var open: (name: String, handle: FileHandle, buffer: [UInt8])?
    /// What could not be written, and why.
    package private(set) var failure: (path: String, error: any Error)?
    private static let bufferSize = 1 << 16

    /// Begins a folder beside `path`, and throws when nothing can be written there.
    package init(path: String) throws {
        let path = Self.cleaned(path)
        self.path = path
        partial = path + Self.partialEnding
        former = path + Self.formerEnding
        let files = FileManager.default
        try Self.removeRest(partial)
        try files.createDirectory(atPath: partial, withIntermediateDirectories: true)
    }

    /// Removes what an import that broke off has left, and nothing else.
    private static func removeRest(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        if stranger(in: path) != nil { throw CocoaError(.fileWriteFileExists) }
        try FileManager.default.removeItem(atPath: path)
    }

    private static let partialEnding = ".partial"
    private static let formerEnding = ".former"

    /// A slash at the end would put what stands beside the folder into it.
    private static func cleaned(_ path: String) -> String {
        path.split(separator: "/").contains("..")
            ? URL(fileURLWithPath: path).standardizedFileURL.path : InputLedger.cleaned(path)
    }

    /// The folders that an import to `path` makes or removes, `path` among them.
    package static func touched(by path: String) -> [String] {
        let path = cleaned(path)
        return [path, path + partialEnding, path + formerEnding]
    }

    /// Whether a scenario stands in the folder at `path`, so that another may take its place.
    package static func isScenario(_ path: String) -> Bool {
        ScenarioLoader.fileNames.contains { FileManager.default.fileExists(atPath: path + "/" + $0) }
    }

    /// Returns the first file or folder at `path` that no import writes, by name; nil where there is none.
    package static func stranger(in path: String) -> String? {
        let found = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return found.sorted().first { name in
            let parts = name.split(separator: "/")
            if parts.count == 1 { return !files.contains(name) && !folders.contains { $0.name == name } }
            return parts.count > 2
                || !folders.contains { parts[0] == $0.name[...] && parts[1].hasSuffix($0.ending) }
        }
    }

    private static let files = ["scenario.yaml", "jobs.csv", "machines.csv", "requests.csv"]
    private static let folders = [
        (name: "manifests", ending: ".yaml"), (name: "templates", ending: ".yaml"), (name: "usage", ending: ".csv"),
    ]

    /// Writes a whole file.
    func write(_ name: String, _ text: String) {
        append(text, to: name)
        flush()
    }

    /// Adds text to a file; the file stays open until another one is named.
    func append(_ text: String, to name: String) {
        if open?.name != name {
            flush()
            let place = partial + "/" + name
            let files = FileManager.default
            do {
                let folder = (place as NSString).deletingLastPathComponent
                try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
                // Where it cannot be made, it cannot be opened either.
                if !files.fileExists(atPath: place) { _ = files.createFile(atPath: place, contents: nil) }
                guard let handle = FileHandle(forWritingAtPath: place) else { throw CocoaError(.fileWriteUnknown) }
                try handle.seekToEnd()
                open = (name, handle, [])
            } catch {
                failure = failure ?? (place, error)
                return
            }
        }
        open?.buffer.append(contentsOf: text.utf8)
        if open?.buffer.count ?? 0 >= Self.bufferSize { writeBuffer() }
    }

    private func writeBuffer() {
        guard let open else { return }
        do {
            try open.handle.write(contentsOf: open.buffer)
        } catch {
            failure = failure ?? (partial + "/" + open.name, error)
        }
        self.open?.buffer.removeAll(keepingCapacity: true)
    }

    private func flush() {
        writeBuffer()
        try? open?.handle.close()
        open = nil
    }

    /// Removes what was written.
    package func discard() {
        flush()
        try? FileManager.default.removeItem(atPath: partial)
    }

    /// Puts the folder in its place; says whether that went well. What stood there is gone only then.
    package func finish() -> Bool {
        flush()
        if failure == nil {
            do {
                try takePlace()
            } catch {
                failure = (path, error)
            }
        }
        if failure != nil { discard() }
        return failure == nil
    }

    private func takePlace() throws {
        let files = FileManager.default
        guard files.fileExists(atPath: path) else { return try files.moveItem(atPath: partial, toPath: path) }
        try Self.removeRest(former)
        try files.moveItem(atPath: path, toPath: former)
        do {
            try files.moveItem(atPath: partial, toPath: path)
        } catch {
            try files.moveItem(atPath: former, toPath: path)
            throw error
        }
        try? files.removeItem(atPath: former)
    }
}

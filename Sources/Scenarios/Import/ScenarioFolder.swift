import Foundation
import KubernetesAPI

/// The folder that an import writes. It takes the place of its name at the end, whole or not at all.
package final class ScenarioFolder {
    /// Where it will stand.
    package let path: String
    private let partial: String
    private var open: (name: String, handle: FileHandle, buffer: [UInt8])?
    /// What could not be written.
    package private(set) var failure: String?
    private static let bufferSize = 1 << 16

    /// Begins a folder beside `path`; nil when `path` stands already or nothing can be written there.
    package init?(path: String, replacing: Bool = false) {
        self.path = path
        partial = path + ".partial"
        let files = FileManager.default
        if files.fileExists(atPath: path), !replacing { return nil }
        try? files.removeItem(atPath: partial)
        do {
            try files.createDirectory(atPath: partial, withIntermediateDirectories: true)
        } catch {
            return nil
        }
    }

    /// Whether a scenario stands in the folder at `path`, so that another may take its place.
    package static func isScenario(_ path: String) -> Bool {
        ScenarioLoader.fileNames.contains { FileManager.default.fileExists(atPath: path + "/" + $0) }
    }

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
                failure = failure ?? "\(place): \(error.localizedDescription)"
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
            failure = failure ?? "\(open.name): \(error.localizedDescription)"
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

    /// Puts the folder in its place; says whether that went well.
    package func finish() -> Bool {
        flush()
        let files = FileManager.default
        do {
            if failure == nil {
                if files.fileExists(atPath: path) { try files.removeItem(atPath: path) }
                try files.moveItem(atPath: partial, toPath: path)
            }
        } catch {
            failure = error.localizedDescription
        }
        if failure != nil { discard() }
        return failure == nil
    }
}

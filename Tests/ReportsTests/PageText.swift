import Foundation

/// A page as its tests look at it.
struct PageText {
    let html: String

    /// Elements that have no end.
    private static let void: Set = ["meta", "br", "hr", "img", "link", "input"]

    /// The first tag that is closed in the wrong order, or never; nil when all are right.
    var firstBadTag: String? {
        var open: [String] = []
        for match in html.matches(of: /<(\/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*?)(\/?)>/) {
            let name = String(match.output.2)
            if !match.output.1.isEmpty {
                guard open.popLast() == name else { return "</\(name)>" }
            } else if match.output.4.isEmpty, !Self.void.contains(name) {
                open.append(name)
            }
        }
        return open.last
    }

    /// The values of an attribute, in order.
    func values(of attribute: String) -> [String] {
        guard let pattern = try? Regex(" \(attribute)=\"([^\"]*)\"", as: (Substring, Substring).self) else { return [] }
        return html.matches(of: pattern).map { String($0.output.1) }
    }

    func count(of text: String) -> Int { html.components(separatedBy: text).count - 1 }
}

/// The browser, where there is one.
enum Chromium {
    static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Returns the page at `file` as it is once its scripts have run, in a window of a width.
    static func page(_ file: String, width: Int) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path ?? "")
        process.arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=\(width),900", "--virtual-time-budget=2000",
            "--dump-dom", "file://\(file)",
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}

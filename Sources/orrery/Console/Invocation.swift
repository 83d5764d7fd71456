import Foundation

/// The command as the user called it, so that what is printed can be pasted back.
enum Invocation {
    /// The name under which this program was called, as short as it still works from here.
    static var program: String {
        let called = CommandLine.arguments.first ?? "orrery"
        guard called.contains("/") else { return "orrery" }
        let here = FileManager.default.currentDirectoryPath + "/"
        return called.hasPrefix(here) ? quoted(String(called.dropFirst(here.count))) : quoted(called)
    }

    /// Returns the line that calls this program with `arguments`.
    static func line(_ arguments: String...) -> String { line(arguments) }

    /// Returns the line that calls this program with `arguments`.
    static func line(_ arguments: [String]) -> String {
        ([program] + arguments.map(quoted)).joined(separator: " ")
    }

    /// Returns the line that repeats this call with `extra` options that it did not have.
    static func repeated(with extra: [String]) -> String {
        var arguments = Array(CommandLine.arguments.dropFirst())
        var place = extra.startIndex
        while place < extra.endIndex {
            // An option and its value come together; a flag stands alone.
            let next = place + 1 < extra.endIndex && !extra[place + 1].hasPrefix("--") ? place + 2 : place + 1
            let isThere = arguments.contains { $0 == extra[place] || $0.hasPrefix(extra[place] + "=") }
            if !isThere { arguments += extra[place..<next] }
            place = next
        }
        return ([program] + arguments.map(quoted)).joined(separator: " ")
    }

    /// Returns an argument as a shell wants it.
    private static func quoted(_ argument: String) -> String {
        let plain = argument.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "_-./,:=@%+".unicodeScalars.contains(scalar))
        }
        return plain && !argument.isEmpty ? argument : "'" + argument.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
}

import Foundation

/// Numbers as people read them.
enum Figures {
    /// Returns a number with `digits` decimals.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }

    /// Returns a rate such as "812", "48k" or "1.25M".
    static func rate(_ value: Double) -> String {
        switch value {
        case ..<1_000: fixed(value, 0)
        case ..<1_000_000: fixed(value / 1_000, value < 10_000 ? 1 : 0) + "k"
        case _: fixed(value / 1_000_000, 2) + "M"
        }
    }

    /// Returns seconds as "0:07", "12:30" or "3:05:00".
    static func clock(_ seconds: Double) -> String {
        // Past 100 hours nobody reads the seconds, and the conversion must not overflow.
        let whole = Int(min(max(seconds, 0), 3_600_000))
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        return hours > 0
            ? String(format: "%d:%02d:%02d", hours, minutes, rest) : String(format: "%d:%02d", minutes, rest)
    }

    /// Returns bytes as "312 MiB" or "1.4 GiB".
    static func bytes(_ count: Int64) -> String {
        let mebibytes = Double(count) / 1_048_576
        return mebibytes < 1024 ? fixed(mebibytes, 0) + " MiB" : fixed(mebibytes / 1024, 2) + " GiB"
    }

    /// Returns a whole number with its thousands apart: "12,345,678".
    static func grouped(_ value: Int64) -> String {
        var text = ""
        for (place, digit) in String(value.magnitude).reversed().enumerated() {
            if place > 0, place % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + String(text.reversed())
    }
}

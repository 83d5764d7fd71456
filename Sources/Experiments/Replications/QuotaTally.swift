import Chronology
import Observations

/// How full the quotas of a run are, day by day; one that refused something is full, however much of it is used.
struct QuotaTally {
    private var levels = PeakTally()
    private var current: [String: Int64] = [:]
    private var refused = PeakTally()

    /// Returns the name of the measure of a bound of a quota.
    static func name(namespace: String, quota: String, resource: String) -> String {
        "quota.\(namespace)/\(quota).\(resource)"
    }

    mutating func add(_ row: QuotaRow) {
        let name = Self.name(namespace: row.namespace, quota: row.name, resource: row.resource)
        levels.change(name, by: row.usedPermille - current[name, default: 0], at: row.at)
        current[name] = row.usedPermille
    }

    /// Looks whether an event tells of something that a quota refused, as its controller says it.
    mutating func add(_ row: EventRow) {
        guard row.isWarning, let found = row.message.firstRange(of: "exceeded quota: "),
            let namespace = row.object.split(separator: " ").last?.split(separator: "/").first
        else { return }
        let rest = row.message[found.upperBound...]
        let quota = rest.prefix { $0 != "," }
        guard let bounds = rest.firstRange(of: "limited: ") else { return }
        for bound in rest[bounds.upperBound...].split(separator: ",") {
            let resource = bound.prefix { $0 != "=" }
            let name = Self.name(namespace: String(namespace), quota: String(quota), resource: String(resource))
            refused.hold(name, 1_000, from: row.at, to: row.at + Duration(nanoseconds: 1))
        }
    }

    /// Returns thousandths of each bound that are used at most on each day, by name.
    func daily(days: Int) -> [(name: String, values: [Int64])] {
        var names = levels.names
        for name in refused.names where !names.contains(name) { names.append(name) }
        return names.sorted().map { name in
            let (used, full) = (levels.peaks(of: name, days: days), refused.peaks(of: name, days: days))
            return (name, zip(used, full).map { max($0, min(1_000, $1)) })
        }
    }
}

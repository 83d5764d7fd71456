import Chronology
import KubernetesAPI
import Workloads

/// Reads what grows for as long as a container runs: leaks, and what is written to the disk.
extension ScenarioReading {
    /// Reads `{amount: 50Mi, per: 1h}`.
    func growth(_ name: String, _ reader: FieldReader) -> Growth? {
        let growth = reader.object(name) { reader -> Growth? in
            reader.require("amount", expected: "an amount such as 50Mi")
            reader.require("per", expected: Self.durationExample)
            let amount = reader.bytes("amount")
            let period = reader.read("per") { duration($0, path: $1) }
            if let amount, amount <= .zero || amount.value == .max {
                reader.error("amount", "found \(amount)", expected: "an amount above zero such as 50Mi")
                return nil
            }
            if let period, period <= .zero {
                reader.error("per", "found \(period)", expected: "a length of time above zero")
                return nil
            }
            guard let amount, let period else { return nil }
            return Growth(bytes: amount.value, per: period)
        }
        return growth ?? nil
    }

    /// Reads a usage of the disk: an amount, or a usage with `growth` and `volume` beside its shape.
    func diskUsage(_ tree: ManifestTree, path: FieldPath) -> DiskUsage? {
        var more: Growth?
        var volume: String?
        let base = usage(tree, of: .disk, path: path) { reader in
            more = growth("growth", reader)
            volume = reader.string("volume")
            if volume?.isEmpty == true {
                reader.error("volume", "the name is empty", expected: "the name of an emptyDir volume")
            }
        }
        return base.map { DiskUsage(base: $0, growth: more, volume: volume) }
    }
}

import KubernetesAPI
import Machines

/// Reads `kubeReserved`, `systemReserved` and `evictionHard` of a pool or a machine type.
extension ScenarioReading {
    func reservationSettings(_ reader: FieldReader) -> ReservationSettings {
        var settings = ReservationSettings()
        settings.kubeReserved = reader.object("kubeReserved") { reservedAmounts($0) }
        settings.systemReserved = reader.object("systemReserved") { reservedAmounts($0) }
        reader.object("evictionHard") { reader in
            settings.evictionMemory = reader.read("memory.available") { threshold($0, path: $1) }
            settings.evictionDisk = reader.read("nodefs.available") { threshold($0, path: $1) }
            reader.inert(["imagefs.available", "nodefs.inodesFree", "imagefs.inodesFree", "pid.available"])
        }
        return settings
    }

    private func reservedAmounts(_ reader: FieldReader) -> KubeletReservation.Amounts {
        reader.inert(["pid"])
        return KubeletReservation.Amounts(
            milliCPU: amount("cpu", reader.processors("cpu"), reader)?.milliValue ?? 0,
            memoryBytes: amount("memory", reader.bytes("memory"), reader)?.value ?? 0,
            diskBytes: amount("ephemeral-storage", reader.bytes("ephemeral-storage"), reader)?.value ?? 0)
    }

    private func amount(_ name: String, _ quantity: Quantity?, _ reader: FieldReader) -> Quantity? {
        guard let quantity else { return nil }
        if quantity >= .zero { return quantity }
        reader.error(name, "the amount must not be negative")
        return nil
    }

    private func threshold(_ tree: ManifestTree, path: FieldPath) -> ReservationSettings.Threshold? {
        if let text = Self.plainText(tree) {
            if text.hasSuffix("%") { return share(tree, path: path, whole: 1_000_000).map { .share($0) } }
            if let quantity = Quantity(parsing: text), quantity >= .zero { return .bytes(quantity.value) }
        }
        wrong(tree, path: path, expected: "an amount such as 100Mi, or a share such as 5%")
        return nil
    }
}

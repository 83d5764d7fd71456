/// Reads our own embedded tables of machine types; a mistake in them is a bug in us.
enum MachineTable {
    /// Returns the types in the table `text`, with the figures that a whole table has in common filled in.
    ///
    /// Columns: type, vcpu, memory_mib, max_pods, arch, gpu, gpu_type, gpu_slices; trailing empty cells may be missing.
    static func parse(
        _ text: String, diskBytes: Int64, maxPods: Int64, reservation: KubeletReservation
    ) -> [MachineType] {
        var types: [MachineType] = []
        var sawHeader = false
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
            let cells = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
            guard sawHeader else {
                precondition(
                    cells == ["type", "vcpu", "memory_mib", "max_pods", "arch", "gpu", "gpu_type", "gpu_slices"],
                    "the embedded machine table has other columns: \(cells)")
                sawHeader = true
                continue
            }
            func text(_ column: Int) -> String? {
                column < cells.count && !cells[column].isEmpty ? cells[column] : nil
            }
            func number(_ column: Int) -> Int64? {
                guard let text = text(column) else { return nil }
                guard let value = Int64(text), value >= 0 else {
                    preconditionFailure("the embedded machine table has \(text) in the row of \(cells[0])")
                }
                return value
            }
            guard let cpus = number(1), let mebibytes = number(2) else {
                preconditionFailure("the embedded machine table has a short row for \(cells[0])")
            }
            types.append(
                MachineType(
                    name: cells[0], milliCPU: cpus * 1_000, memoryBytes: mebibytes << 20, diskBytes: diskBytes,
                    maxPods: number(3) ?? maxPods, gpuCount: number(5) ?? 0, gpuType: text(6),
                    gpuSlices: number(7) ?? 1,
                    architecture: text(4).map(architecture) ?? .amd64, reservation: reservation))
        }
        return types
    }

    private static func architecture(_ text: String) -> MachineType.Architecture {
        guard let architecture = MachineType.Architecture(rawValue: text) else {
            preconditionFailure("the embedded machine table has the unknown architecture \(text)")
        }
        return architecture
    }
}

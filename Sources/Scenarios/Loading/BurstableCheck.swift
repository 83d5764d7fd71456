import Costs
import KubernetesAPI

/// Warns of pools whose machines may use their processors for a while only, as nothing here takes account of that.
struct BurstableCheck {
    /// The families of Amazon that earn and spend CPU credits.
    private static let families: Set<String> = ["t2", "t3", "t3a", "t4g"]

    private let diagnostics: Diagnostics
    private var hasWarned = false

    init(_ diagnostics: Diagnostics) { self.diagnostics = diagnostics }

    /// Looks at the machines of a pool; the first that are burstable are warned of, as one warning does for all.
    mutating func look(at pool: String, of machineType: String, file: String, position: Position?) {
        guard !hasWarned, Self.families.contains(InstanceSize.family(of: machineType)) else { return }
        hasWarned = true
        diagnostics.add(
            Diagnostic(
                .warning, file: file, position: position,
                message: "the machines of the pool \(pool) are burstable (\(machineType)): surplus CPU credits are not "
                    + "billed, and without credits nothing is throttled",
                expected: "another family where pods use more than the baseline"))
    }
}

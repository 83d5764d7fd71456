package import KubernetesAPI

/// Some bits that stand for a pod's namespace and labels: to rule out most pods costs a look at one word.
///
/// Pods that are not ruled out have to be asked.
package struct LabelMarks: Hashable, Sendable {
    private let bits: UInt64

    private init(bits: UInt64) { self.bits = bits }

    /// The marks that a pod has.
    package init(of pod: ObjectMeta) {
        var bits = Self.bits(for: pod.namespace, "")
        for pair in pod.labels.pairs { bits |= Self.bits(for: pair.key, pair.value) }
        self.bits = bits
    }

    /// The marks that any pod of `namespace` has which `selector` selects.
    package init(neededBy selector: LabelSelector, in namespace: String) {
        var bits = Self.bits(for: namespace, "")
        for pair in selector.matchLabels.pairs { bits |= Self.bits(for: pair.key, pair.value) }
        for requirement in selector.matchExpressions where requirement.operator == .in {
            if requirement.values.count == 1 { bits |= Self.bits(for: requirement.key, requirement.values[0]) }
        }
        self.bits = bits
    }

    /// The marks that no pod lacks.
    package static let none = LabelMarks(bits: 0)

    /// Whether a pod with these marks may be one that needs to have `other`.
    @inline(__always)
    package func include(_ other: LabelMarks) -> Bool { bits & other.bits == other.bits }

    /// Two bits of 64, so that strangers seldom look alike.
    private static func bits(for key: String, _ value: String) -> UInt64 {
        // FNV-1a.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ 0xFF) &* 0x100_0000_01b3
        for byte in value.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return 1 << (hash >> 32 & 63) | 1 << (hash >> 40 & 63)
    }
}

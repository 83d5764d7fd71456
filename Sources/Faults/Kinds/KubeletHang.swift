import VirtualTime

/// A kubelet hangs: it says and does nothing, while the containers of its machine run on.
///
/// The default duration is an assumption: until somebody is paged and restarts it.
package enum KubeletHang: FaultKind {
    package static let name = "KubeletHang"
    package static let scope = FaultScope.nodes
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 600, p95: 3_600))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .kubeletHang
    }
}

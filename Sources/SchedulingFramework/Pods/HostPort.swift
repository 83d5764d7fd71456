package import KubernetesAPI

// Kubernetes counterpart: fwk.HostPortInfo, schedutil.GetHostPorts.

/// A port of the node that a pod takes.
package struct HostPort: Hashable, Sendable {
    package var ip: String
    package var `protocol`: String
    package var port: Int32

    /// Creates a port; an empty address means all, an empty protocol TCP.
    package init(ip: String, protocol: String, port: Int32) {
        self.ip = ip.isEmpty ? Self.anyAddress : ip
        self.protocol = `protocol`.isEmpty ? "TCP" : `protocol`
        self.port = port
    }

    package static let anyAddress = "0.0.0.0"

    /// Returns whether both cannot be open on one node.
    package func conflicts(with other: HostPort) -> Bool {
        port == other.port && `protocol` == other.protocol
            && (ip == other.ip || ip == Self.anyAddress || other.ip == Self.anyAddress)
    }

    /// Returns the ports of the node that pods of `spec` take; init containers count only when they keep running.
    package static func all(of spec: PodSpec) -> [HostPort] {
        var ports: [HostPort] = []
        func collect(_ container: Container) {
            for port in container.ports where port.hostPort > 0 {
                ports.append(HostPort(ip: port.hostIP, protocol: port.protocol, port: port.hostPort))
            }
        }
        for container in spec.initContainers where container.isSidecar { collect(container) }
        for container in spec.containers { collect(container) }
        return ports
    }
}

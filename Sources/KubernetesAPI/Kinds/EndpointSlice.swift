/// A part of the pods behind a service, with what is to be known of each (`discovery.k8s.io/v1.EndpointSlice`).
@usableFromInline
package struct EndpointSlice: Hashable, Sendable {
    /// A pod behind the service; it stands for its address.
    @usableFromInline
    package struct Endpoint: Hashable, Sendable {
        package var pod: String
        package var node: String?
        package var zone: String?
        /// May get new connections.
        package var isReady: Bool
        /// Passes its readiness checks, even on its way out.
        package var isServing: Bool
        package var isTerminating: Bool

        package init(
            pod: String, node: String? = nil, zone: String? = nil, isReady: Bool, isServing: Bool,
            isTerminating: Bool
        ) {
            self.pod = pod
            self.node = node
            self.zone = zone
            self.isReady = isReady
            self.isServing = isServing
            self.isTerminating = isTerminating
        }
    }

    /// A port of all pods of a slice.
    @usableFromInline
    package struct Port: Hashable, Sendable {
        package var name: String
        package var port: Int32
        package var `protocol`: String

        package init(name: String = "", port: Int32, protocol: String = "TCP") {
            self.name = name
            self.port = port
            self.protocol = `protocol`
        }
    }

    package var metadata: ObjectMeta
    package var endpoints: [Endpoint] = []
    package var ports: [Port] = []

    package init(metadata: ObjectMeta) { self.metadata = metadata }
}

/// One image registry as the machines see it, named by the host part of its images' references.
struct RegistryState: Sendable {
    let name: String
    /// Whether it answers.
    var isUp = true
    /// Bytes per second that all pulls from it share.
    var bandwidth: Int64
}

package import KubernetesAPI

/// What may change pods on their way into the cluster (`MutatingWebhookConfiguration`).
///
/// It is asked after the built-in plugins have filled in their defaults and before bounds and quotas are looked at, and
/// decides by what the API server shows alone.
package protocol PodWebhook: Sendable {
    /// Returns what becomes of `spec`, which is what the plugins made of `pod`; nil to leave it as it is.
    ///
    /// Only requests and limits of containers may change.
    func changed(_ spec: PodSpec, of pod: Pod, in view: any ClusterView) -> PodSpec?
}

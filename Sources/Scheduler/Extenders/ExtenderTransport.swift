package import KubernetesAPI

/// What came back from an extender.
package enum ExtenderResponse: Sendable {
    /// An HTTP answer; the body is nil when it is not one JSON value.
    case answered(status: Int, body: ManifestTree?)
    /// There was no answer: refused, reset, too late.
    case failed(String)
}

/// Carries the calls to extenders; the scheduler itself does no I/O.
///
/// The tree is the request's JSON, as k8s.io/kube-scheduler/extender/v1 has it: text and parsing belong to the carrier,
/// which has them anyway.
package protocol ExtenderTransport: AnyObject, Sendable {
    /// Sends `body` with POST to `url`, and waits for the answer as long as `settings` allow.
    func post(_ body: ManifestTree, to url: String, settings: ExtenderSettings) -> ExtenderResponse
}

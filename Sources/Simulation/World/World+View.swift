import ClusterStore
package import ControlPlane

extension World {
    /// The cluster as the API server shows it now; for looking only.
    package var view: any ClusterView { api }
}

/// The product as a whole.
package enum Orrery {
    /// The version of the model: runs of the same version, scenario and seed are the same to the byte.
    package static let version = "0.1.0"
}

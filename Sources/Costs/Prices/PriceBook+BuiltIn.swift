// The price books that come with Orrery. Each data file names its sources, dates and licence.

extension PriceBook {
    /// Amazon EC2 and EKS in us-east-1.
    package static let awsUSEast1 = embedded(PackageResources.prices_aws_us_east_1_csv)

    /// Google Compute Engine and GKE in us-central1.
    package static let gcpUSCentral1 = embedded(PackageResources.prices_gcp_us_central1_csv)

    /// The providers and regions of the built-in books, in the order in which they are offered.
    package static let builtInNames = ["aws/us-east-1", "gcp/us-central1"]

    /// Returns the built-in book called `name`, a provider and region such as `aws/us-east-1`, or nil.
    package static func load(_ name: String) -> PriceBook? {
        switch name {
        case builtInNames[0]: awsUSEast1
        case builtInNames[1]: gcpUSCentral1
        default: nil
        }
    }

    /// Returns the built-in book of a provider's region, or nil.
    package static func load(provider: String, region: String) -> PriceBook? { load("\(provider)/\(region)") }

    private static func embedded(_ bytes: [UInt8]) -> PriceBook {
        do throws(PriceBookError) {
            return try PriceBook(parsing: String(decoding: bytes, as: UTF8.self))
        } catch {
            preconditionFailure("an embedded price book does not parse: \(error)")
        }
    }
}

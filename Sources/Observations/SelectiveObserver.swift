/// An observer that is told everything and keeps what it has a method for: for those who want to know one thing.
///
/// What records a run conforms to `RunObserver` itself, so that a new sort of row cannot pass it unseen.
package protocol SelectiveObserver: RunObserver {}

extension SelectiveObserver {
    package func begin(_ header: RunHeader) {}
    package func node(_ row: NodeRow) {}
    package func nodeInterval(_ row: NodeIntervalRow) {}
    package func controller(_ row: ControllerRow) {}
    package func pod(_ row: PodRow) {}
    package func podInterval(_ row: PodIntervalRow) {}
    package func podEnd(_ row: PodEndRow) {}
    package func event(_ row: EventRow) {}
    package func attempt(_ row: AttemptRow) {}
    package func imagePull(_ row: ImagePullRow) {}
    package func fault(_ row: FaultRow) {}
    package func demand(_ row: DemandIntervalRow) {}
    package func capacity(_ row: CapacityIntervalRow) {}
    package func costAsset(_ row: CostAssetRow) {}
    package func costAllocation(_ row: CostAllocationRow) {}
    package func checkpoint(_ row: CheckpointRow) {}
    package func metric(_ row: MetricRow) {}
    package func assertion(_ row: AssertionRow) {}
    package func finish(_ footer: RunFooter) {}
}

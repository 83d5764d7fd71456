import Observations
import Simulation

/// An observer that is told everything and keeps nothing; a base for those who want to know one thing.
class SilentObserver: RunObserver {
    func begin(_ header: RunHeader) {}
    func node(_ row: NodeRow) {}
    func nodeInterval(_ row: NodeIntervalRow) {}
    func controller(_ row: ControllerRow) {}
    func pod(_ row: PodRow) {}
    func podInterval(_ row: PodIntervalRow) {}
    func podEnd(_ row: PodEndRow) {}
    func event(_ row: EventRow) {}
    func attempt(_ row: AttemptRow) {}
    func imagePull(_ row: ImagePullRow) {}
    func fault(_ row: FaultRow) {}
    func demand(_ row: DemandIntervalRow) {}
    func capacity(_ row: CapacityIntervalRow) {}
    func costAsset(_ row: CostAssetRow) {}
    func costAllocation(_ row: CostAllocationRow) {}
    func checkpoint(_ row: CheckpointRow) {}
    func metric(_ row: MetricRow) {}
    func assertion(_ row: AssertionRow) {}
    func finish(_ footer: RunFooter) {}
}

import Chronology
import Faults
import Observations
import Testing

@testable import Simulation

@Suite("The sums over all machines")
struct CapacitySumsTests {
    @Test("what pods on a lost machine asked for leaves the sums with its capacity, and comes back with it")
    func lostMachine() throws {
        var setup = Fixture.setup(machines: 2, horizon: .hours(5))
        // Four fit on each machine, so that those of the lost one wait.
        setup.objects = [Fixture.deployment("web", replicas: 8, cpu: 900)]
        setup.faults = [
            FaultFixture.fault(
                NodeCrash.self, TargetSelector(names: ["box-1"]), at: .hours(1) + .minutes(59), lasting: .minutes(61))
        ]
        let notes = FaultFixture.run(setup)
        #expect(notes.capacity.count == 5)
        for row in notes.capacity {
            #expect(row.requestedCPU <= row.allocatableCPU && row.requestedMemory <= row.allocatableMemory)
            #expect(row.peakRequestedCPU <= row.peakAllocatableCPU)
        }
        let (before, during, after) = (notes.capacity[0], notes.capacity[2], try #require(notes.capacity.last))
        #expect(before.peakRequestedCPU == 7_200 && after.requestedCPU == 7_200)
        // The machine is gone for all of the third hour, and its pods are bound to it for minutes of that.
        #expect(during.requestedCPU == 3_600 && during.allocatableCPU * 2 == after.allocatableCPU && during.pods > 4)
    }
}

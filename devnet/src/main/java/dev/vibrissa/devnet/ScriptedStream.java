package dev.vibrissa.devnet;

import dev.vibrissa.devnet.rpc.StreamFault;
import dev.vibrissa.devnet.rpc.StreamFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The faults of the stream that a script lists, each in its time. */
final class ScriptedStream implements StreamFaults {
    private final FaultScript script;
    private final Supplier<Duration> age;
    private final List<FaultScript.Entry.OfStream> due;

    /**
     * @param resumed age of the chain when it was gone on with; what was due before is over
     * @param age of the chain now
     */
    ScriptedStream(FaultScript script, Duration resumed, Supplier<Duration> age) {
        this.script = script;
        this.age = age;
        this.due = new ArrayList<>(script.entries().stream()
                .filter(FaultScript.Entry.OfStream.class::isInstance)
                .map(FaultScript.Entry.OfStream.class::cast)
                .filter(each -> each.from().compareTo(resumed) >= 0)
                .toList());
    }

    @Override
    public synchronized Optional<StreamFault> at(long subscriber, long checkpoint) {
        for (var each : due) {
            if (age.get().compareTo(each.from()) >= 0) {
                due.remove(each);
                return Optional.of(each.fault());
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean unavailable() {
        return script.isUnavailable(age.get());
    }
}

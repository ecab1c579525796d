package dev.vibrissa.api.stream;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Up to where somebody has heard everything: the id of an event. It is {@code PROVER-SEQUENCE}, {@code cID}, or both with a
 * dot between.
 *
 * @param log the last entry heard of an audit log
 * @param change the last change heard
 */
record Place(Optional<Entry> log, OptionalLong change) {
    private static final Pattern TEXT = Pattern.compile("(?:([0-9a-f]{64})-([0-9]{1,18}))?(\\.)?(?:c([0-9]{1,18}))?");

    /** @param prover key of the log, in hex */
    record Entry(String prover, long sequence) {}

    /** Null: no id of an event. */
    static @Nullable Place ofId(String id) {
        var matcher = TEXT.matcher(id);
        if (!matcher.matches()) {
            return null;
        }
        boolean hasLog = matcher.group(1) != null;
        boolean hasChange = matcher.group(4) != null;
        if (!hasLog && !hasChange || (matcher.group(3) != null) != (hasLog && hasChange)) {
            return null;
        }
        return new Place(
                hasLog ? Optional.of(new Entry(matcher.group(1), Long.parseLong(matcher.group(2)))) : Optional.empty(),
                hasChange ? OptionalLong.of(Long.parseLong(matcher.group(4))) : OptionalLong.empty());
    }

    String id() {
        String entry = log.map(each -> each.prover() + "-" + each.sequence()).orElse("");
        String told = change.isPresent() ? "c" + change.getAsLong() : "";
        return entry.isEmpty() || told.isEmpty() ? entry + told : entry + "." + told;
    }
}

package dev.vibrissa.api.audit;

import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Snapshot;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names a round: {@code EPOCH-ROUND-PROVER}; without the prover, where only one ran it.
 *
 * @param prover 64 hex digits
 */
record RoundId(long epoch, long round, Optional<String> prover) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})-(\\d{1,9})(?:-([0-9a-f]{64}))?");

    static RoundId parse(String field, String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw ProblemException.badInput(
                    field,
                    "%s is EPOCH-ROUND or EPOCH-ROUND-PROVER, such as 12-3, not '%s'"
                            .formatted(field, ProblemException.shortened(text)));
        }
        return new RoundId(
                Long.parseLong(form.group(1)), Long.parseLong(form.group(2)), Optional.ofNullable(form.group(3)));
    }

    /** The key of its prover. */
    byte[] proverIn(Snapshot db) {
        var provers = db.list(
                "select prover from round where walrus_epoch = ? and round = ? and (?::text is null or prover = decode(?, 'hex'))",
                row -> AuditLogs.hex(row, "prover"),
                epoch,
                round,
                prover.orElse(null),
                prover.orElse(null));
        if (provers.isEmpty()) {
            throw ProblemException.notFound("no round %s".formatted(this));
        }
        if (provers.size() > 1) {
            throw ProblemException.badInput(
                    "id",
                    "%d provers ran round %s; name one of them: %s"
                            .formatted(provers.size(), this, String.join(", ", provers)));
        }
        return HexFormat.of().parseHex(provers.getFirst());
    }

    @Override
    public String toString() {
        return "%d-%d%s".formatted(epoch, round, prover.map(each -> "-" + each).orElse(""));
    }
}

package dev.vibrissa.api.concentration;

import dev.vibrissa.api.page.Table;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How evenly the shards of an epoch are divided.
 *
 * @param groups greatest first
 * @param history the same measures of the epochs asked for whose committee is known
 */
@Schema(name = "Concentration")
record ConcentrationView(
        AsOf asOf,

        @Schema(enumeration = {"node", "organisation", "domain", "host", "prefix"})
        String by,

        @Schema(description = "How groups and measures came about.")
        String method,

        @Schema(description = "Of the running epoch; null while no committee is known.") @Nullable
        Measures measures,

        @Schema(description = "Of host names, where groups depend on it; else null.") @Nullable
        Resolution resolution,

        List<Group> groups,

        @Schema(description = "Lorenz curve: what the smallest groups hold together.")
        List<Lorenz> lorenz,

        @Schema(
                description =
                        "The epochs asked for whose committee is known, with nodes grouped by the network addresses they had when it"
                                + " ended; organisations and resolved addresses are those of now.")
        List<Measures> history)
        implements Table {
    @Override
    public List<Measures> rows() {
        return history;
    }

    /**
     * Measures of one epoch.
     *
     * @param nakamotoOneHonest fewest groups that can stop the network: together they hold {@code oneHonestWeight}
     * @param nakamotoQuorum fewest groups that can decide for it
     */
    @Schema(name = "ConcentrationMeasures")
    record Measures(
            @Schema(examples = "2") long epoch,
            @Schema(examples = "1000") int nShards,

            @Schema(description = "Groups that hold shards.", examples = "7")
            int holders,

            @Schema(description = "Shards among which one is honest.", examples = "334")
            int oneHonestWeight,

            @Schema(
                    description = "Fewest groups that hold oneHonestWeight shards: without them there is no quorum.",
                    examples = "2")
            @Nullable
            Integer nakamotoOneHonest,

            @Schema(examples = "667") int quorumWeight,

            @Schema(description = "Fewest groups that hold a quorum.", examples = "3") @Nullable
            Integer nakamotoQuorum,

            @Schema(description = "Herfindahl–Hirschman index, 0 to 1.", examples = "0.19775")
            double herfindahl,

            @Schema(description = "Shannon entropy in bits.", examples = "2.52")
            double entropyBits,

            @Schema(description = "Gini coefficient, 0 to 1.", examples = "0.36")
            double gini) {}

    /**
     * How far the host names of the running committee are resolved. It is done ahead, never for a request, and not for the
     * past.
     */
    @Schema(name = "HostResolution")
    record Resolution(
            @Schema(description = "Host names in the network addresses.", examples = "7")
            int hosts,

            @Schema(description = "Of them resolved to public addresses.", examples = "6")
            int resolved,

            @Schema(description = "When the first of them was resolved; null: none yet.") @Nullable
            Instant oldest,

            @Schema(description = "When the last of them was.") @Nullable
            Instant newest) {}

    /** @param group node id, organisation, domain, host or network prefix */
    @Schema(name = "ConcentrationGroup")
    record Group(String group, @Schema(examples = "286") long shards, List<SuiAddress> nodes) {}

    @Schema(name = "LorenzPoint")
    record Lorenz(
            @Schema(description = "So many of the smallest groups", examples = "1")
            int holders,

            @Schema(description = "hold so many shards together.", examples = "40")
            long shards) {}
}

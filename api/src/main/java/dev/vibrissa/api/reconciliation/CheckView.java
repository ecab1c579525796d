package dev.vibrissa.api.reconciliation;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One check of what was derived against what the contract counts. */
@Schema(name = "Reconciliation")
record CheckView(
        @Schema(examples = "1038") long checkpoint,
        Digest tx,
        @Schema(examples = "0") int txIndex,

        @Schema(
                description = "Walrus epoch: the one that ended, or where it is about the beginning, the new one.",
                examples = "1")
        long epoch,

        @Schema(
                description =
                        "Of a transaction: payments: what came in against what its operations explain; wal: WAL that"
                                + " addresses, accounts, stakes and funds do not add up to; subsidies: what left the pool against what"
                                + " arrived; withdrawal: rewards paid to a stake against the contract's arithmetic. Of an epoch:"
                                + " rewards: the pot against burn, rewards and leftover; burn: against 3 % of the pot, nothing before"
                                + " contract version 3; accounts, used_capacity: FROST and bytes in the account of the epoch against"
                                + " all that we saw put in; reserved_capacity: likewise, of the epoch that begins; total_capacity:"
                                + " against the votes; subsidy_pool, supply: against all that went in and out; node_reward: of a node against the pot, its shards and its deny list; pool_stake,"
                                + " pool_shares: of a pool against its state before and the rules; rewards_pool: against rewards less"
                                + " pay-outs; pending_stake: against the positions that are to count later. Of an event blob:"
                                + " event_blob: its events against those that are ours too; event_missing, event_altered,"
                                + " event_surplus, event_moved: events of a transaction that we have not, or have otherwise.",
                examples = "accounts")
        String what,

        @Schema(description = "Node, or StakedWal of a withdrawal; null where it is about the System.") @Nullable
        SuiAddress subject,

        @Schema(description = "By the contract's own counters, or the event blob.", examples = "21474004")
        String expected,

        @Schema(description = "By us.", examples = "21474004")
        String derived,

        @Schema(examples = "0") String residual) {}

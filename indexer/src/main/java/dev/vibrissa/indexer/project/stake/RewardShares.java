package dev.vibrissa.indexer.project.stake;

import java.math.BigInteger;
import java.util.List;

/**
 * How what an epoch earned is divided among its committee, by the contract's rules: by shards, and by the bytes that are
 * reserved less those that a node denies to store.
 *
 * @see "walrus-chain.md §4.5"
 */
final class RewardShares {
    private RewardShares() {}

    /**
     * @param denied bytes on the node's deny list
     */
    record Member(int shards, BigInteger denied) {}

    /**
     * The reward of each member, rounded down.
     *
     * @param pot FROST, after what is burnt of it
     * @param used encoded bytes that were reserved in the epoch
     */
    static List<BigInteger> of(BigInteger pot, BigInteger used, List<Member> members) {
        List<BigInteger> stored = members.stream()
                .map(each -> used.subtract(each.denied().min(used)).multiply(BigInteger.valueOf(each.shards())))
                .toList();
        BigInteger total =
                stored.stream().reduce(BigInteger.ZERO, BigInteger::add).max(BigInteger.ONE);
        return stored.stream().map(each -> each.multiply(pot).divide(total)).toList();
    }
}

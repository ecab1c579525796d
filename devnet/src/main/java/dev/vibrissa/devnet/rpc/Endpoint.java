package dev.vibrissa.devnet.rpc;

import io.grpc.Status;

/**
 * What one endpoint is like.
 *
 * @param chain name of the network that it tells its callers
 * @param queries whether it has filtered lists and subscriptions; many real endpoints have none
 * @param maxLag checkpoints that a subscriber may fall behind before its stream is ended
 * @param faults what goes wrong with it
 */
public record Endpoint(String chain, boolean queries, int maxLag, StreamFaults faults) {
    /** One that has everything and works. */
    public static Endpoint of(String chain) {
        return new Endpoint(chain, true, 1_000, StreamFaults.NONE);
    }

    public Endpoint withoutQueries() {
        return new Endpoint(chain, false, maxLag, faults);
    }

    public Endpoint withMaxLag(int checkpoints) {
        return new Endpoint(chain, queries, checkpoints, faults);
    }

    public Endpoint with(StreamFaults faults) {
        return new Endpoint(chain, queries, maxLag, faults);
    }

    void requireQueries(String method) {
        if (!queries) {
            throw Status.UNIMPLEMENTED
                    .withDescription("%s is not offered by this endpoint".formatted(method))
                    .asRuntimeException();
        }
    }
}

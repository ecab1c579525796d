package dev.vibrissa.redstuff;

import dev.vibrissa.redstuff.code.*;
import dev.vibrissa.redstuff.kernel.Kernel;
import java.lang.foreign.MemorySegment;
import java.util.*;

public class Scratch {
    public static void main(String[] a) {
        int bad = 0;
        for (Kernel kernel : Kernel.values()) {
            var seen = Vectors.cases("reed-solomon.json").toList();
            for (var c : seen) {
                int k = c.get("originalCount").asInt(), m = c.get("recoveryCount").asInt(), s = c.get("shardBytes").asInt();
                byte[] data = Vectors.content(c.get("content"), k * s);
                var rs = new ReedSolomon(k, m, kernel);
                var work = rs.workspace(s, 640, 1);
                byte[] rec = new byte[m * s];
                rs.encode(work, (i, rows, at) -> work.pack(data, i * s, 1, rows, at, 0), (i, rows, at) -> work.unpack(rows, at, 0, 1, rec, i * s));
                boolean ok = Vectors.sha256(rec).equals(c.get("recoverySha256").asText()) && rs.rate().name().toLowerCase().equals(c.get("rate").asText());
                int e = Math.min(k, m);
                BitSet have = new BitSet();
                have.set(e, k + e);
                var d = rs.decoder(have);
                var w2 = d.workspace(s, 640, 1);
                byte[] out = data.clone();
                Arrays.fill(out, 0, e * s, (byte) 0);
                d.decode(w2, (i, rows, at) -> { if (i < k) w2.pack(data, i * s, 1, rows, at, 0); else w2.pack(rec, (i - k) * s, 1, rows, at, 0); }, (i, rows, at) -> w2.unpack(rows, at, 0, 1, out, i * s));
                boolean dec = Arrays.equals(out, data);
                if (!ok || !dec) { bad++; System.out.println(kernel + " " + k + "," + m + "," + s + " enc " + ok + " dec " + dec); }
            }
            System.out.println(kernel + " " + seen.size() + " bad " + bad);
        }
        System.out.println(Kernel.chosen());
        for (var c : Vectors.cases("index.json").toList()) {
            byte[] data = Vectors.content(c.get("content"), c.get("blobSize").asInt());
            var config = new EncodingConfig(c.get("nShards").asInt());
            String want = c.get("blobId").asText();
            String got = new BlobEncoder(config).metadata(MemorySegment.ofArray(data)).blobId().toString();
            String got2 = new BlobEncoder(config, 2, 4096).metadata(MemorySegment.ofArray(data)).blobId().toString();
            if (!want.equals(got) || !want.equals(got2)) System.out.println(c.get("id") + " " + want + " " + got + " " + got2);
        }
        var config = new EncodingConfig(1000);
        for (int mib : new int[] {1, 16, 64, 1, 16, 64}) {
            byte[] data = new byte[mib << 20];
            new Random(1).nextBytes(data);
            for (int i = 0; i < 3; i++) {
                long t = System.nanoTime();
                new BlobEncoder(config).metadata(MemorySegment.ofArray(data));
                System.out.printf("%d MiB %.1f ms%n", mib, (System.nanoTime() - t) / 1e6);
            }
        }
    }
}

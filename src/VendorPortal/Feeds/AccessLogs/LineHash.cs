using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace VendorPortal.Feeds.AccessLogs;

/// <summary>
/// SipHash-2-4 with a result of 128 bits, as published by Aumasson and Bernstein: whoever does not know the key cannot make lines that
/// collide, at a tenth of the cost of SHA-256, which would cost more than all the rest of reading a line.
/// </summary>
internal static class LineHash
{
    public static UInt128 Of(UInt128 key, ReadOnlySpan<byte> bytes)
    {
        var (k0, k1) = ((ulong)key, (ulong)(key >> 64));
        var state = new State(k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d ^ 0xee, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573);
        var rest = bytes;
        for (; rest.Length >= 8; rest = rest[8..])
            state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(rest));
        Span<byte> last = stackalloc byte[8];
        last.Clear();
        rest.CopyTo(last);
        last[7] = (byte)bytes.Length;
        state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(last));
        var low = state.Finish(0, 0xee);
        return new UInt128(state.Finish(0xdd, 0), low);
    }

    private struct State(ulong v0, ulong v1, ulong v2, ulong v3)
    {
        private ulong v0 = v0;
        private ulong v1 = v1;
        private ulong v2 = v2;
        private ulong v3 = v3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Absorb(ulong word)
        {
            v3 ^= word;
            Round();
            Round();
            v0 ^= word;
        }

        public ulong Finish(ulong into1, ulong into2)
        {
            v1 ^= into1;
            v2 ^= into2;
            for (var i = 0; i < 4; i++)
                Round();
            return v0 ^ v1 ^ v2 ^ v3;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Round()
        {
            v0 += v1;
            v2 += v3;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }
}

using System.Buffers.Binary;
using System.Text;

namespace VendorPortal.Enrichment.Networks;

/// <summary>
/// Values of an MMDB data section: strings, numbers, maps and arrays, one control byte before each. Unsigned numbers of up to 64 bits
/// come as <see cref="ulong"/>. Depth, number of values and text of one record are bounded, so that a damaged file cannot take
/// stack, time or memory by pointers that lead in circles.
/// </summary>
internal sealed class MmdbDecoder(ReadOnlyMemory<byte> section)
{
    private const int MaxDepth = 32;
    private const int MaxValues = 10_000;
    private const int MaxText = 1024 * 1024;
    private const long MaxAllValues = 500_000_000; // of all records together: what takes a minute to read is not read

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private long allValues;

    private enum Kind
    {
        Extended = 0,
        Pointer = 1,
        Text = 2,
        Double = 3,
        Bytes = 4,
        UInt16 = 5,
        UInt32 = 6,
        Map = 7,
        Int32 = 8,
        UInt64 = 9,
        UInt128 = 10,
        Array = 11,
        Boolean = 14,
        Float = 15,
    }

    /// <summary>The value at an offset.</summary>
    /// <exception cref="NetworkFileException">It is damaged, or larger than any record that means something.</exception>
    public object? Decode(int offset)
    {
        var reading = new Reading(section.Span, offset);
        var value = reading.Value(0);
        allValues += reading.Values;
        return allValues <= MaxAllValues ? value : throw new NetworkFileException($"It has more than {MaxAllValues:N0} values.");
    }

    private ref struct Reading(ReadOnlySpan<byte> bytes, int offset)
    {
        private readonly ReadOnlySpan<byte> bytes = bytes;
        private int at = offset;
        private int text;

        public int Values { get; private set; }

        public object? Value(int depth, bool pointed = false)
        {
            if (depth > MaxDepth || ++Values > MaxValues)
                throw Damaged("is nested too deeply or has too many values");
            var control = Take(1)[0];
            var kind = (Kind)(control >> 5);
            if (kind == Kind.Pointer)
                return pointed ? throw Damaged("is a pointer to a pointer") : Follow(control, depth);
            if (kind == Kind.Extended)
                kind = (Kind)(Take(1)[0] + 7);
            var size = Size(control & 0x1F);
            return kind switch
            {
                Kind.Text => Text(size),
                Kind.Double => BinaryPrimitives.ReadDoubleBigEndian(Exactly(size, 8)),
                Kind.Bytes => Counted(size).ToArray(),
                Kind.UInt16 => (ulong)Unsigned(size, 2),
                Kind.UInt32 => (ulong)Unsigned(size, 4),
                Kind.UInt64 => (ulong)Unsigned(size, 8),
                Kind.UInt128 => Unsigned(size, 16),
                Kind.Int32 => unchecked((int)(uint)Unsigned(size, 4)),
                Kind.Map => Map(size, depth),
                Kind.Array => List(size, depth),
                Kind.Boolean => size <= 1 ? size == 1 : throw Damaged("is no boolean"),
                Kind.Float => BinaryPrimitives.ReadSingleBigEndian(Exactly(size, 4)),
                _ => throw Damaged("is of a type the format does not have"),
            };
        }

        private object? Follow(byte control, int depth)
        {
            var size = (control >> 3) & 3;
            var more = Take(size + 1);
            long value = size == 3 ? 0 : control & 7;
            foreach (var next in more)
                value = (value << 8) | next;
            value += size switch { 1 => 2048, 2 => 526_336, _ => 0 };
            if (value >= bytes.Length)
                throw Damaged("points out of the file");
            var after = at;
            at = (int)value;
            var target = Value(depth + 1, pointed: true);
            at = after;
            return target;
        }

        private int Size(int size) => size switch
        {
            29 => 29 + Take(1)[0],
            30 => 285 + BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            31 => 65_821 + ((Take(1)[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(Take(2))),
            _ => size,
        };

        private Dictionary<string, object?> Map(int size, int depth)
        {
            var map = new Dictionary<string, object?>(StringComparer.Ordinal);
            for (var i = 0; i < size; i++)
            {
                var key = Value(depth + 1) as string ?? throw Damaged("has a key that is no text");
                map[key] = Value(depth + 1);
            }

            return map;
        }

        private List<object?> List(int size, int depth)
        {
            var list = new List<object?>();
            for (var i = 0; i < size; i++)
                list.Add(Value(depth + 1));
            return list;
        }

        private string Text(int size)
        {
            try
            {
                return Utf8.GetString(Counted(size));
            }
            catch (DecoderFallbackException)
            {
                throw Damaged("is no UTF-8");
            }
        }

        private UInt128 Unsigned(int size, int max)
        {
            if (size > max)
                throw Damaged($"is a number of {size} bytes where {max} are the most");
            var value = UInt128.Zero;
            foreach (var next in Take(size))
                value = (value << 8) | next;
            return value;
        }

        private ReadOnlySpan<byte> Exactly(int size, int wanted) =>
            size == wanted ? Take(size) : throw Damaged($"is a number of {size} bytes instead of {wanted}");

        private ReadOnlySpan<byte> Counted(int size) =>
            (text += size) <= MaxText ? Take(size) : throw Damaged("has too much text");

        private ReadOnlySpan<byte> Take(int count)
        {
            if (at < 0 || count > bytes.Length - at)
                throw Damaged("goes on beyond the end of the file");
            var taken = bytes.Slice(at, count);
            at += count;
            return taken;
        }

        private readonly NetworkFileException Damaged(string what) => new($"It is damaged: a value before byte {at:N0} of its data {what}.");
    }
}

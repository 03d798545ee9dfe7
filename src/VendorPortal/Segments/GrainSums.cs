using System.Runtime.CompilerServices;

namespace VendorPortal.Segments;

/// <summary>Pulls by kind, indexed by <see cref="Classification.PullKind"/>; the first is not used.</summary>
[InlineArray(Kinds)]
internal struct KindSums
{
    public const int Kinds = 5;

    private int first;
}

/// <summary>A quarter of an hour with pulls: its number since the beginning of ids, and the pulls by kind.</summary>
internal readonly record struct GrainSums(long Grain, KindSums Pulls);

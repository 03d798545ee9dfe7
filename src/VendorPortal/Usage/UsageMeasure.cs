namespace VendorPortal.Usage;

/// <summary>What is counted of a person and day. The numbers are stored, and their order is that of the key: what is read together lies together.</summary>
public enum UsageMeasure
{
    /// <summary>The person used the product.</summary>
    Active = 1,

    /// <summary>… by this interface.</summary>
    Interface = 2,

    /// <summary>… in this version.</summary>
    Version = 3,

    /// <summary>… on this operating system.</summary>
    System = 4,

    /// <summary>Builds, failed (0) or succeeded (1), with their time.</summary>
    Build = 5,

    /// <summary>Containers run, by way.</summary>
    Container = 6,

    Push = 7,

    /// <summary>Pulls of this image.</summary>
    Pull = 8,

    /// <summary>This extension is installed now; its day is 0.</summary>
    Extension = 9,

    /// <summary>Some extension is installed now; its day is 0.</summary>
    AnyExtension = 10,

    /// <summary>Pulls of this image in <see cref="UsageAtom.BlockDays"/> days; the day is their first. Images are many, and three months of them by day too many to add up.</summary>
    PullBlock = 11,
}

/// <summary>What an event adds to its person's day.</summary>
/// <param name="Measure">What is counted.</param>
/// <param name="NameId">Of what.</param>
/// <param name="Count">How often; 0 where it only matters that it was.</param>
/// <param name="Sum">Milliseconds.</param>
internal readonly record struct UsageAtom(UsageMeasure Measure, int NameId, long Count, long Sum)
{
    /// <summary>Days of a block, from a multiple of it on.</summary>
    public const int BlockDays = 10;

    /// <summary>The day under which this is counted of something that happened on <paramref name="day"/>.</summary>
    public int On(int day) => Measure == UsageMeasure.PullBlock ? day - (day % BlockDays) : day;

    /// <summary>
    /// The atoms of an event: every event that tells of use makes its person active. Extensions are a state, not something of a day, and are
    /// kept apart (<see cref="UsageLedger.SetExtension"/>).
    /// </summary>
    public static IEnumerable<UsageAtom> Of(UsageKind kind, int? nameId, int? systemId, int? how, long? durationMs)
    {
        yield return new(UsageMeasure.Active, 0, 0, 0);
        switch (kind)
        {
            case UsageKind.Active:
                yield return new(UsageMeasure.Interface, how ?? 0, 0, 0);
                yield return new(UsageMeasure.Version, nameId ?? 0, 0, 0);
                yield return new(UsageMeasure.System, systemId ?? 0, 0, 0);
                break;
            case UsageKind.Build:
                yield return new(UsageMeasure.Build, how ?? 0, 1, durationMs ?? 0);
                break;
            case UsageKind.ContainerRun:
                yield return new(UsageMeasure.Container, how ?? 0, 1, 0);
                break;
            case UsageKind.ImagePull:
                yield return new(UsageMeasure.Pull, nameId ?? 0, 1, 0);
                yield return new(UsageMeasure.PullBlock, nameId ?? 0, 1, 0);
                break;
            case UsageKind.ImagePush:
                yield return new(UsageMeasure.Push, 0, 1, 0);
                break;
        }
    }
}

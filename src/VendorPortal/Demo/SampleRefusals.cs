using System.Globalization;
using VendorPortal.Classification;
using VendorPortal.Enrichment;
using VendorPortal.Journal;

namespace VendorPortal.Demo;

/// <summary>
/// What the sample registry refuses: an account that has run out, a mistyped tag, an artifact that is not part of the contract, a build farm
/// in a hurry. Apart from the other traffic, which stays the same.
/// </summary>
internal sealed class SampleRefusals(DateTime fromUtc, DateTime toUtc, int seed)
{
    private readonly Random random = new(seed);
    private long number;

    /// <summary>Adds the refusals of a day.</summary>
    public void Add(FeedBatch batch, DateTime day)
    {
        var share = (day - fromUtc).TotalDays / Math.Max(1, (toUtc - fromUtc).TotalDays);
        if (share is > 0.71 and < 0.79) // the contract has ended, the nightly job has not
            Refuse(batch, day.AddHours(2), "tyrell-lab", "nimbus/platform", "latest", 401, tries: 3);
        if (random.Next(4) == 0)
            Refuse(batch, Working(day), "petra.huber", "nimbus/console", "5.0-rc1", 404, tries: 2);
        if (random.Next(6) == 0)
            Refuse(batch, Working(day), "globex-ci", "nimbus/agent", "lastest", 404, tries: 1);
        if (random.Next(9) == 0)
            Refuse(batch, Working(day), "evaluation", "nimbus/operator", "latest", 403, tries: 1);
        if (day.DayOfWeek == DayOfWeek.Tuesday)
            Refuse(batch, Working(day), "hooli-build", "nimbus/platform", "latest", 429, tries: 12);
    }

    private DateTime Working(DateTime day) => day.AddHours(8).AddSeconds(random.Next(36_000)).AddMilliseconds(random.Next(1_000));

    private void Refuse(FeedBatch batch, DateTime at, string principal, string artifact, string tag, int status, int tries)
    {
        var account = SampleCustomers.Accounts.First(a => a.Principal == principal);
        for (var i = 0; i < tries; i++)
        {
            batch.Requests.Add(new RegistryRequest
            {
                EventId = string.Create(CultureInfo.InvariantCulture, $"sample-refused-{++number}"),
                AtUtc = at,
                Method = i == 0 && account.Habit != SampleHabit.Person ? RequestMethod.Head : RequestMethod.Get,
                Repository = artifact,
                Tag = tag,
                Status = status,
                Address = IpAddressText.Parse(account.Addresses[0]),
                User = principal,
                UserAgent = account.UserAgent,
            });
            at = at.AddMilliseconds(random.Next(400, 2_500));
        }
    }
}

namespace IrisOperator.Training;

/// <summary>How far a training has come.</summary>
/// <param name="Stage">What is being fitted: "fold 2 of 5", "rows not held out", "all rows".</param>
/// <param name="Share">Of the whole training, from 0 to 1.</param>
/// <param name="Round">Rounds that are done of this stage; 0 by an algorithm that does not learn in rounds.</param>
/// <param name="Result">What a stage came to, such as "accuracy 0.9500"; null within it.</param>
public sealed record TrainingProgress(string Stage, double Share, int Round, int Rounds, string? Result = null);

/// <summary>Tells the progress of one training.</summary>
/// <param name="stages">How many models are fitted.</param>
internal sealed class ProgressTeller(Action<TrainingProgress>? tell, int stages)
{
    private int _ended;
    private string _stage = "";

    public void Begin(string stage)
    {
        _stage = stage;
        Tell(0, 0);
    }

    public void Round(int round, int rounds) => Tell(round, rounds);

    public void End(string result)
    {
        _ended++;
        tell?.Invoke(new TrainingProgress(_stage, (double)_ended / stages, 0, 0, result));
    }

    private void Tell(int round, int rounds) =>
        tell?.Invoke(new TrainingProgress(_stage, (_ended + (rounds == 0 ? 0 : (double)round / rounds)) / stages, round, rounds));
}

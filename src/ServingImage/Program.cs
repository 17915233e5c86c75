using IrisOperator.ServingImage.Startup;

return await ServingProgram.RunAsync(
    Environment.GetEnvironmentVariable,
    Console.OpenStandardOutput(),
    Console.Error,
    TimeProvider.System);

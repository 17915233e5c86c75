using IrisOperator.TrainerImage;

return await TrainerProgram.RunAsync(args, new ProgramContext(Console.Out));

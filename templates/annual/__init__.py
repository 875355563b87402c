"""The annual Monitoring and Evaluation Report."""
